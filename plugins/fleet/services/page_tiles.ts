import type { Sum } from './page_sums.js'
import { ANSWERING, hashrateKind } from './page_states.js'
import type { Figure, Words } from './page_words.js'

/** Older than this and a live figure is shown as old. */
const OLD_AFTER_MS = 120_000

/** Where live figures come from, as the `source` component takes it. */
export function liveSource(newestAt: Date | null, words: Words, now = Date.now()) {
  if (!newestAt) return { state: 'missing', name: words.t('fleet.source.live') }
  const state = now - newestAt.getTime() > OLD_AFTER_MS ? 'old' : 'fresh'
  return { state, name: words.t('fleet.source.live'), at: newestAt }
}

const shown = (figure: Figure | null) => ({ value: figure?.value ?? null, unit: figure?.unit })

function whyMissing({ miners, newestAt, states }: Sum, words: Words) {
  if (miners === 0) return words.t('fleet.missing.no_miners')
  if (!newestAt) return words.t('fleet.missing.no_sample')
  const answering = ANSWERING.some((state) => states[state])
  return words.t(answering ? 'fleet.missing.not_said' : 'fleet.missing.nobody')
}

/** "wall 92 %, estimate 8 %, 12 miners say nothing". */
function powerNote(sum: Sum, words: Words) {
  const parts = sum.mix.map(({ source, pct }) =>
    words.t('fleet.power.share', {
      source: words.t(`fleet.power.source.${source}`),
      pct: words.pct(pct, 0)!,
    })
  )
  if (sum.wattsSilent > 0) parts.push(words.t('fleet.power.silent', { count: sum.wattsSilent }))
  return parts.join(words.t('fleet.comma'))
}

/** Worst first. */
const NOTED = ['offline', 'collector_down', 'stale', 'never', 'starting', 'tuning', 'paused']

/** "4 offline, 2 starting": what is not online, worst first. */
function statesNote({ states }: Sum, words: Words) {
  const others = NOTED.filter((state) => states[state])
    .slice(0, 3)
    .map((state) =>
      words.t('fleet.overview.in_state', {
        count: words.number(states[state])!,
        state: words.code(`fleet.state.${state}`),
      })
    )
  return others.join(words.t('fleet.comma'))
}

const onlineKind = (pct: number | null) =>
  pct === null ? 'neutral' : pct >= 99 ? 'good' : pct >= 95 ? 'warn' : 'bad'

/** The four figures of the fleet as `tile` takes them. */
export function tilesOf(sum: Sum, words: Words) {
  const source = liveSource(sum.newestAt, words)
  const reason = whyMissing(sum, words)
  const expected =
    sum.pct === null
      ? words.t('fleet.missing.expected')
      : words.t('fleet.overview.of_expected', {
          pct: words.pct(sum.pct)!,
          expected: words.hashrateText(sum.expectedThs)!,
        })
  return [
    {
      id: 'fleet-hashrate',
      label: words.t('fleet.tile.hashrate'),
      ...shown(words.hashrate(sum.ths)),
      note: sum.ths === null ? '' : expected,
      kind: hashrateKind(sum.pct) ?? 'neutral',
      reason,
      source,
    },
    {
      id: 'fleet-power',
      label: words.t('fleet.tile.power'),
      ...shown(words.power(sum.watts)),
      note: powerNote(sum, words),
      reason,
      source,
    },
    {
      id: 'fleet-efficiency',
      label: words.t('fleet.tile.efficiency'),
      value: words.number(sum.jth, 1),
      unit: 'J/TH',
      note:
        sum.pairs > 0
          ? words.t('fleet.overview.pairs', {
              count: words.number(sum.pairs)!,
              total: words.number(sum.miners)!,
            })
          : '',
      reason,
      source: sum.newestAt ? { ...source, name: words.t('fleet.source.derived') } : source,
    },
    {
      id: 'fleet-online',
      label: words.t('fleet.tile.online'),
      value: words.number(sum.onlinePct, 1),
      unit: '%',
      note: statesNote(sum, words),
      // Who pauses on purpose needs nobody.
      kind: onlineKind(sum.answeringPct),
      reason,
      source,
    },
  ]
}
