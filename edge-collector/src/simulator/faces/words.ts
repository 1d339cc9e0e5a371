import type { Moment, RpcRequest, SimulatedMiner } from '../contract.js'

/** What the miner's own clock says, unix seconds. */
export const secondsOf = ({ at }: Moment) => Math.floor(at / 1000)

export interface StatusWords {
  description: string
  code: number
  message: string
  letter?: 'S' | 'I' | 'W' | 'E' | 'F'
}

/** The STATUS object of the cgminer API. */
export const statusOf = (moment: Moment, words: StatusWords) => ({
  STATUS: words.letter ?? 'S',
  When: secondsOf(moment),
  Code: words.code,
  Msg: words.message,
  Description: words.description,
})

/** An answer of the cgminer API: STATUS, one list, an id; one NUL ends it. */
export const answerOf = (
  moment: Moment,
  words: StatusWords,
  lists: Record<string, unknown> = {}
): string => `${JSON.stringify({ STATUS: [statusOf(moment, words)], ...lists, id: 1 })}\0`

/** What cgminer says to what it does not know, and to what is no JSON. */
export const refusalOf = (moment: Moment, request: RpcRequest, description: string): string =>
  request.json === null
    ? answerOf(moment, { description, code: 23, message: 'Invalid JSON', letter: 'E' })
    : answerOf(moment, { description, code: 14, message: 'Invalid command', letter: 'E' })

/** The command and its parameter, as text. */
export const commandOf = ({ json }: RpcRequest) => ({
  command: String(json?.command ?? json?.cmd ?? ''),
  parameter: json?.parameter === undefined ? '' : String(json.parameter),
})

const diff = (difficulty: number) => {
  if (difficulty >= 1e6) return `${Math.round(difficulty / 1e6)}M`
  return difficulty >= 1000 ? `${Math.round(difficulty / 1000)}K` : String(difficulty)
}

/** Rows of `pools`. */
export const poolRows = (moment: Moment) =>
  moment.pools.map((pool, index) => ({
    'POOL': index,
    'URL': pool.url,
    'Status': pool.isAlive ? 'Alive' : 'Dead',
    'Priority': index,
    'Quota': 1,
    'Long Poll': 'N',
    'Getworks': Math.floor(moment.elapsedS / 12),
    'Accepted': pool.accepted,
    'Rejected': pool.rejected,
    'Stale': pool.stale,
    'Discarded': 0,
    'Get Failures': pool.isAlive ? 0 : 1,
    'Remote Failures': 0,
    'User': pool.user,
    'Last Share Time': pool.isActive ? secondsOf(moment) - 3 : 0,
    'Diff1 Shares': 0,
    'Diff': diff(moment.difficulty),
    'Difficulty Accepted': pool.accepted * moment.difficulty,
    'Difficulty Rejected': pool.rejected * moment.difficulty,
    'Difficulty Stale': pool.stale * moment.difficulty,
    'Last Share Difficulty': pool.isActive ? moment.difficulty : 0,
    'Has Stratum': true,
    'Stratum Active': pool.isActive,
    'Stratum URL': pool.isActive ? pool.url.replace(/^[^:]+:\/\//, '').replace(/:\d+$/, '') : '',
    'Has GBT': false,
    'Best Share': 0,
    'Pool Rejected%': share(pool.rejected, pool.accepted),
    'Pool Stale%': share(pool.stale, pool.accepted),
  }))

const share = (part: number, rest: number) =>
  part + rest > 0 ? round((100 * part) / (part + rest), 4) : 0

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits))

/** What `summary` counts. */
export const counters = (moment: Moment) => ({
  'Elapsed': moment.elapsedS,
  'Found Blocks': 0,
  'Getworks': Math.floor(moment.elapsedS / 12),
  'Accepted': moment.accepted,
  'Rejected': moment.rejected,
  'Hardware Errors': moment.hardwareErrors,
  'Utility': moment.elapsedS > 0 ? round((60 * moment.accepted) / moment.elapsedS) : 0,
  'Discarded': 0,
  'Stale': moment.stale,
  'Get Failures': 0,
  'Local Work': 0,
  'Remote Failures': 0,
  'Network Blocks': Math.floor(moment.elapsedS / 600),
  'Total MH': round(moment.hashrateAvgThs * 1e6 * moment.elapsedS, 4),
  'Difficulty Accepted': moment.accepted * moment.difficulty,
  'Difficulty Rejected': moment.rejected * moment.difficulty,
  'Difficulty Stale': moment.stale * moment.difficulty,
  'Best Share': 0,
  'Device Hardware%': share(moment.hardwareErrors, moment.accepted),
  'Device Rejected%': share(moment.rejected, moment.accepted),
  'Pool Rejected%': share(moment.rejected, moment.accepted),
  'Pool Stale%': share(moment.stale, moment.accepted),
  'Last getwork': secondsOf(moment),
})

/** Whether a fault made the firmware leave this part of the moment out. */
export const lacks = (moment: Moment, name: keyof Moment) => moment.missing.has(name)

/** Without the keys whose value is undefined. */
export const said = <T extends object>(row: T): T =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as T

/** JSON of a body; null when it is none. */
export function bodyOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

/** What the machine is, without its firmware in brackets: "Antminer S19j Pro". */
export const plainModel = ({ model }: SimulatedMiner) => model.name.replace(/ \([^)]*\)$/, '')
