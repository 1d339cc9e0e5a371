import type { I18n } from '@adonisjs/i18n'
import { type CsvValue, csvOf } from '#core/csv'
import { type XlsxSheet, xlsxOf } from '#core/xlsx'
import type { Column } from './scenario_compare.js'
import { dayMs } from './projection_view.js'
import { figuresOf } from './scenario_figures.js'
import { inputsOf } from './scenario_inputs.js'
import { shownAnswer } from './scenario_view.js'

type Cell = string | number | bigint | boolean | Date | null

/** What a file is about: one answer, or several side by side. */
export interface Export {
  /** Becomes the file's name. */
  title: string
  note?: string | null
  columns: Column[]
}

type Translate = (key: string) => string

const textsOf =
  (i18n: I18n): Translate =>
  (key) =>
    i18n.t(`calculator_scenarios.export.${key}`)

const withUnit = (label: string, unit: string) => (unit ? `${label} (${unit})` : label)

/** Facts and figures: a row each, a column for every answer. Numbers are unrounded. */
function resultRows({ title, note, columns }: Export, i18n: I18n): Cell[][] {
  const t = textsOf(i18n)
  const shown = columns.map(({ answer, query }) =>
    answer ? shownAnswer({ answer, query }, i18n) : null
  )
  const row = (label: string, cells: Cell[]) => [label, ...cells]
  const about = [
    row(t('name'), [title]),
    ...(note ? [row(t('note'), [note])] : []),
    row(
      t('at'),
      shown.map((one) => (one ? new Date(one.at) : null))
    ),
    row(
      t('miner'),
      shown.map((one) => one?.miner ?? null)
    ),
    row(
      t('problems'),
      columns.map(({ problems }) => problems.join(' ') || null)
    ),
  ]
  if (!columns.some(({ answer }) => answer)) return about
  const lists = columns.map(({ answer }) => (answer ? figuresOf(answer) : []))
  const units = new Map(lists.flat().map(({ name, unit }) => [name, unit]))
  const figures = [...units].map(([name, unit]) =>
    row(
      withUnit(i18n.t(`calculator_scenarios.figure.${name}`), unit),
      lists.map((list) => list.find((one) => one.name === name)?.value ?? null)
    )
  )
  return [...about, ...bookedRows(columns, t), ...figures]
}

/** The day as it would be booked: whole satoshis and cents. */
const bookedRows = (columns: Column[], t: Translate): Cell[][] =>
  (['sats', 'revenueCents', 'electricityCents', 'fixedCents', 'profitCents'] as const).map(
    (name) => [
      t(`booked_${name}`),
      ...columns.map(({ answer }) => answer?.day.booked[name] ?? null),
    ]
  )

/** Every input of every answer with its source and age, a row each. */
function inputRows(columns: Column[], i18n: I18n): Cell[][] {
  return columns.flatMap(({ title, answer, query }) =>
    (answer ? inputsOf({ answer, query }, i18n, 'company') : []).map(
      ({ label, unit, value, text, source, at, ageSeconds }) => [
        title,
        withUnit(label, unit),
        value ?? text,
        source,
        at ? new Date(at) : null,
        ageSeconds,
      ]
    )
  )
}

const linesOf = ({ lines, futureLines }: ReturnType<typeof shownAnswer>) => [
  ...lines,
  ...futureLines,
]

const lineRows = (columns: Column[], i18n: I18n): Cell[][] =>
  columns.flatMap(({ title, answer, query }) =>
    (answer ? linesOf(shownAnswer({ answer, query }, i18n)) : []).map((line) => [title, line])
  )

/** Lines of a month as they are booked, in cents; the head names them. */
const MONTH_LINES = [
  'revenueCents',
  'energyCents',
  'demandCents',
  'hostingCents',
  'fixedCents',
  'taxCents',
  'cashCents',
  'cumulativeCents',
] as const

/** Every month of every investment, booked to the cent. */
function monthRows(columns: Column[]): Cell[][] {
  return columns.flatMap(({ title, answer }) =>
    (answer?.outlook?.months ?? []).map((month) => [
      title,
      new Date(dayMs(answer!.future!.startDate, month.day)),
      month.days,
      month.height,
      month.difficulty,
      month.btcUsd,
      month.hashrateThs,
      month.sats,
      ...MONTH_LINES.map((name) => month[name]),
      month.daysOff,
    ])
  )
}

function monthsSheet(columns: Column[], i18n: I18n): XlsxSheet[] {
  const rows = monthRows(columns)
  if (rows.length === 0) return []
  const t = textsOf(i18n)
  const heads = ['answer', 'from', 'days', 'height', 'difficulty', 'price', 'hashrate', 'sats']
  return [
    {
      name: t('months'),
      head: [...heads, ...MONTH_LINES, 'daysOff'].map((name) =>
        name === 'answer' ? t(name) : t(`month_${name}`)
      ),
      rows,
      widths: [24, 20],
    },
  ]
}

/** Result, inputs, months and formula as sheets. */
export function sheetsOf(given: Export, i18n: I18n): XlsxSheet[] {
  const { columns } = given
  const t = textsOf(i18n)
  const titles = columns.map(({ title }) => title)
  return [
    {
      name: t('result'),
      head: [t('figure'), ...titles],
      rows: resultRows(given, i18n),
      widths: [38, ...titles.map(() => 24)],
    },
    {
      name: t('inputs'),
      head: [t('answer'), t('input'), t('value'), t('source'), t('as_of'), t('age')],
      rows: inputRows(columns, i18n),
      widths: [24, 30, 20, 34, 20, 12],
    },
    ...monthsSheet(columns, i18n),
    {
      name: t('formula'),
      head: [t('answer'), t('line')],
      rows: lineRows(columns, i18n),
      widths: [24, 110],
    },
  ]
}

/** The workbook of an export. */
export const workbookOf = (given: Export, i18n: I18n) => xlsxOf(sheetsOf(given, i18n))

/** The same sheets as one file of lines: the first column names the sheet. */
export function csvFileOf(given: Export, i18n: I18n): string {
  const sheets = sheetsOf(given, i18n)
  const width = Math.max(...sheets.map(({ head }) => head.length))
  const filled = (cells: readonly CsvValue[]) => [
    ...cells,
    ...Array.from({ length: width - cells.length }, () => null),
  ]
  const [first, ...rest] = sheets.flatMap(({ name, head, rows }) =>
    [head, ...rows].map((cells) => [name, ...filled(cells)])
  )
  return csvOf(first as string[], rest)
}
