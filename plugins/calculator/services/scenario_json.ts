import type { I18n } from '@adonisjs/i18n'
import type { Row } from '#core/table'
import type Scenario from '../models/scenario.js'
import { type Attempt, fromStored } from './scenario_answer.js'
import { answered } from './scenario_compare.js'

const iso = (at: Date | string | null) => (at ? new Date(at).toISOString() : null)

/** A row of the list as the API and the console give it. */
export const listedJson = (row: Row, { answer, problems }: Attempt) => ({
  id: row.id,
  name: row.name,
  note: row.note ?? null,
  kind: row.kind,
  miner: row.miner,
  query: row.query,
  savedAt: iso(row.answered_at),
  archivedAt: iso(row.archived_at ?? null),
  savedProfitCents: String(row.profit_cents),
  nowProfitCents: answer?.day.booked.profitCents ?? null,
  problems,
})

/** A scenario with what it says now and what it said when it was saved. */
export async function detailedJson(scenario: Scenario, i18n: I18n) {
  const [{ answer, problems } = { answer: null, problems: [] }] = await answered([scenario], i18n)
  const { id, name, note, miner, archivedAt } = scenario
  return {
    id,
    name,
    note,
    ...scenario.question,
    miner,
    savedAt: scenario.answeredAt.toUTC().toISO(),
    archivedAt: archivedAt?.toUTC().toISO() ?? null,
    now: answer,
    problems,
    saved: await fromStored(scenario.answer),
  }
}
