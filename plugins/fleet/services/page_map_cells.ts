import type { Row } from '#core/table'
import { hashrateKind, ON_PURPOSE, stateKind } from './page_states.js'
import { silence } from './page_miner_tiles.js'
import type { Words } from './page_words.js'

/** What the cells of the map show. */
export const LOOKS = ['hashrate', 'temperature', 'power', 'state'] as const
export type Look = (typeof LOOKS)[number]

export const chosenLook = (asked: unknown): Look =>
  LOOKS.find((look) => look === asked) ?? 'hashrate'

const WARM_C = 75
const HOT_C = 85

const temperatureKind = (degrees: number) =>
  degrees >= HOT_C ? 'bad' : degrees >= WARM_C ? 'warn' : 'good'

const STATE_CELLS: Record<string, string> = { violet: 'info', neutral: 'none' }

const isOnPurpose = (state: string) => ON_PURPOSE.includes(state as never)

interface Shown {
  text: string | null
  kind: string
}

const READ: Record<Look, (row: Row, words: Words) => Shown> = {
  hashrate: ({ pct, connectivity }, words) => ({
    text: pct === null ? null : words.number(pct),
    kind: isOnPurpose(connectivity) ? 'info' : (hashrateKind(pct) ?? 'none'),
  }),
  temperature: ({ temp_max_c: degrees }, words) => ({
    text: words.number(degrees),
    kind: degrees === null ? 'none' : temperatureKind(degrees),
  }),
  // Watts have no good and bad: the figure says it.
  power: ({ wattage_w: watts }, words) => ({
    text: watts === null ? null : words.number(watts / 1000, 2),
    kind: watts === null ? 'none' : 'plain',
  }),
  state: ({ connectivity }, words) => {
    const kind = stateKind(connectivity)
    return {
      text: words.code(`fleet.state_short.${connectivity}`),
      kind: STATE_CELLS[kind] ?? kind,
    }
  },
}

/** A miner as a cell of the map: few letters, and all of it for whoever stops at it. */
export function cellOf(row: Row, look: Look, words: Words) {
  const { text, kind } = READ[look](row, words)
  const title = row.name ?? `#${row.no}`
  const parts = [
    title,
    words.code(`fleet.state.${row.connectivity}`),
    words.hashrateText(row.hashrate_ths),
    words.pct(row.pct),
    row.temp_max_c === null ? null : `${words.number(row.temp_max_c)} °C`,
    words.powerText(row.wattage_w),
  ]
  return {
    id: row.id as string,
    no: row.no as number,
    title,
    text: text ?? '—',
    kind,
    says: [...parts.filter(Boolean), ...(text === null ? [silence(row, words)] : [])].join(' · '),
    place: {
      zoneId: row.zone_id as string | null,
      rack: row.rack as string | null,
      shelf: row.shelf as number | null,
      position: row.position as number | null,
    },
  }
}

/** The legend of a look, in words: kind of cell and what it means. */
export function legendOf(look: Look, words: Words) {
  const line = (kind: string, key: string, args?: Record<string, string | number>) => ({
    kind,
    text: words.t(`fleet.legend.${key}`, args),
  })
  const none = line('none', 'none')
  if (look === 'hashrate') {
    const kinds = ['good', 'warn', 'bad', 'info']
    return [...kinds.map((kind) => line(kind, `pct_${kind}`)), none]
  }
  if (look === 'temperature') {
    return [
      line('good', 'temp_good', { degrees: WARM_C }),
      line('warn', 'temp_warn', { from: WARM_C, to: HOT_C }),
      line('bad', 'temp_bad', { degrees: HOT_C }),
      none,
    ]
  }
  if (look === 'power') return [line('plain', 'power'), none]
  return [
    line('good', 'state_good'),
    line('info', 'state_info'),
    line('warn', 'state_warn'),
    line('bad', 'state_bad'),
    line('none', 'state_none'),
  ]
}
