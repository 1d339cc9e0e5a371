import type { I18n } from '@adonisjs/i18n'
import { current } from '#core/current'
import { isId } from '#core/ids'
import type { Query, Row, TableDefinition, TableFilter } from '#core/table'
import { loadContext } from './input_context.js'
import { type Attempt, attempt, dayOnly, type Question } from './scenario_answer.js'

type Answers = ReadonlyMap<string, Attempt>

const T = 'calculator_scenarios'
/** Booked cents as dollars; what is missing stays missing. */
export const usd = (cents: bigint | string | null | undefined) =>
  cents === null || cents === undefined ? null : Number(cents) / 100

/** Scenarios of the current tenant with the names of who saved them. */
export const scenarioRows = (): Query =>
  current
    .get()
    .client.from(T)
    .where(`${T}.tenant_id`, current.tenantId())
    .leftJoin('users', 'users.id', `${T}.created_by`)
    .select(
      ...['id', 'name', 'kind', 'miner', 'query', 'profit_cents'].map((name) => `${T}.${name}`),
      ...['answered_at', 'archived_at', 'created_at'].map((name) => `${T}.${name}`)
    )
    .select({ who: 'users.full_name' })

const questionOf = ({ kind, query }: Row) => ({ kind, query: query ?? {} }) as Question

/** What each row says at this moment, all on the same market values. */
export async function answersOf(rows: readonly Row[], i18n: I18n): Promise<Answers> {
  const modelIds = rows.map((row) => questionOf(row).query.modelId).filter((id) => isId(id))
  const context = await loadContext(new Date(), [...new Set(modelIds)])
  const pairs = rows.map(
    async (row) =>
      [row.id as string, await attempt(questionOf(row), context, i18n, dayOnly)] as const
  )
  return new Map(await Promise.all(pairs))
}

const stateFilter: TableFilter = {
  key: 'state',
  label: 'calculator_scenarios.column.state',
  options: [
    { value: 'active', label: 'calculator_scenarios.state.active' },
    { value: 'archived', label: 'calculator_scenarios.state.archived' },
    { value: 'all', label: 'calculator_scenarios.state.all' },
  ],
  apply: (query, value) => {
    if (value === 'archived') query.whereNotNull(`${T}.archived_at`)
    if (value === 'active') query.whereNull(`${T}.archived_at`)
  },
  otherwise: (query) => query.whereNull(`${T}.archived_at`),
}

/** The list of scenarios. A file of it carries the figures of this moment too. */
export const scenariosTable = (answers: Answers = new Map()): TableDefinition => {
  const dayOf = ({ id }: Row) => answers.get(id)?.answer?.day
  return {
    key: 'calculator.scenarios',
    caption: 'calculator_scenarios.title',
    columns: [
      { key: 'name', label: 'calculator_scenarios.column.name', sort: `${T}.name` },
      { key: 'miner', label: 'calculator_scenarios.column.miner', sort: `${T}.miner` },
      {
        key: 'profit_now',
        label: 'calculator_scenarios.column.profit_now',
        type: 'number',
        unit: '$',
        csv: (row) => usd(dayOf(row)?.booked.profitCents),
      },
      {
        key: 'profit_saved',
        label: 'calculator_scenarios.column.profit_saved',
        type: 'number',
        unit: '$',
        sort: `${T}.profit_cents`,
        csv: (row) => usd(row.profit_cents),
      },
      {
        key: 'btc_now',
        label: 'calculator_scenarios.column.btc_now',
        type: 'number',
        unit: 'BTC',
        hidden: true,
        csv: (row) => dayOf(row)?.btcPerDay ?? null,
      },
      {
        key: 'answered_at',
        label: 'calculator_scenarios.column.answered_at',
        type: 'time',
        sort: `${T}.answered_at`,
      },
      { key: 'who', label: 'calculator_scenarios.column.who', sort: 'users.full_name' },
      { key: 'archived_at', label: 'calculator_scenarios.column.state', type: 'state' },
    ],
    defaultSort: { key: 'answered_at', dir: 'desc' },
    search: [`${T}.name`, `${T}.miner`, `${T}.note`],
    filters: [stateFilter],
    tieBreaker: `${T}.id`,
  }
}
