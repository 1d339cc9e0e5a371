import type { Row } from '#core/table'
import { WATTAGE_SOURCES } from './codes.js'
import { hashrateKind } from './page_states.js'
import { liveSource } from './page_tiles.js'
import type { Words } from './page_words.js'

function hashrateNote({ pct, expected_ths: expected }: Row, words: Words) {
  if (pct === null) return expected === null ? words.t('fleet.missing.expected') : ''
  return words.t('fleet.overview.of_expected', {
    pct: words.pct(pct)!,
    expected: words.hashrateText(expected)!,
  })
}

/** Why a miner says nothing now. */
export function silence({ connectivity }: Row, words: Words) {
  if (connectivity === 'never') return words.t('fleet.missing.no_sample')
  const isSilent = ['offline', 'stale', 'collector_down'].includes(connectivity)
  return words.t(isSilent ? 'fleet.missing.silent' : 'fleet.missing.not_said')
}

const rpmText = (row: Row, words: Words) => {
  const { fan_min_rpm: least, fan_max_rpm: most } = row
  if (least === null) return null
  return least === most ? words.number(least) : `${words.number(least)}–${words.number(most)}`
}

/** The figures of a miner as `tile` takes them. */
export function minerTiles(row: Row, words: Words) {
  const source = liveSource(row.answered_at, words)
  const reason = silence(row, words)
  const hashrate = words.hashrate(row.hashrate_ths)
  const power = words.power(row.wattage_w)
  const from = row.wattage_source === null ? null : WATTAGE_SOURCES[row.wattage_source]
  const tile = (name: string, value: string | null | undefined, unit?: string) => ({
    id: `miner-${name}`,
    label: words.t(`fleet.tile.${name}`),
    value: value ?? null,
    unit,
    reason,
    source,
  })
  return [
    {
      ...tile('hashrate', hashrate?.value, hashrate?.unit),
      note: hashrateNote(row, words),
      kind: hashrateKind(row.pct) ?? 'neutral',
    },
    {
      ...tile('power', power?.value, power?.unit),
      note: from && power ? words.t(`fleet.power.source.${from}`) : '',
    },
    tile('efficiency', words.number(row.jth, 1), 'J/TH'),
    tile('temperature', words.number(row.temp_max_c, 1), '°C'),
    tile('fans', rpmText(row, words), 'rpm'),
  ]
}
