import type { EpochState } from '../domain/epoch_state.js'
import type { HalvingCountdown } from '../domain/halving_estimate.js'
import type { Words } from './market_words.js'
import type { Tile } from './present_figures.js'
import type { Figure, MarketSummary } from './summary.js'

interface ProgressProps {
  id: string
  label: string
  value: number
  max: number
  text: string
}

/** A tile with how far something is. */
export interface ChainTile extends Tile {
  progress: ProgressProps | null
}

const missing = (id: string, figure: Figure, words: Words) => ({
  id: `market-${id}`,
  label: words.t(`market.figure.${id}`),
  value: null,
  reason: words.t(`market.reason.${'reason' in figure ? figure.reason : 'not_stored'}`),
})

/** The retarget to come: its change with band and date, and how far the epoch is. */
export function retargetTile({ epoch }: MarketSummary, words: Words): ChainTile {
  const state = epoch.detail
  const next = state?.projection
  const progress = state ? epochProgress(state, words) : null
  const source = epoch.value === null ? undefined : words.source(epoch)
  if (!next) return { ...unknownRetarget(epoch, words), source, progress }
  return {
    id: 'market-retarget',
    label: words.t('market.figure.retarget'),
    value: words.signedPct(next.changePct),
    note: retargetNote(next, words),
    source,
    progress,
  }
}

function unknownRetarget(epoch: MarketSummary['epoch'], words: Words): Tile {
  const state = epoch.detail
  const reason = state?.reason ? words.t(`market.reason.${state.reason}`) : undefined
  const isBare = state !== null && state.progressPct === null
  return {
    ...missing('retarget', epoch, words),
    ...(reason ? { reason } : {}),
    note: isBare ? words.t('market.epoch.newest', { epoch: state.epoch }) : '',
  }
}

function retargetNote(next: NonNullable<EpochState['projection']>, words: Words) {
  const band = words.t('market.epoch.band', {
    low: words.signedPct(next.changeLowPct),
    high: words.signedPct(next.changeHighPct),
  })
  if (!next.at || !next.earliest || !next.latest) {
    return `${band} · ${words.t('market.reason.height_is_old')}`
  }
  const from = words.nearDay(next.earliest)
  const to = words.nearDay(next.latest)
  const when =
    from === to
      ? words.t('market.epoch.on', { date: words.nearDay(next.at) })
      : words.t('market.epoch.between', { from, to })
  return `${band} · ${when}`
}

/** How far an epoch is; null when the height is not known. */
export function epochProgress(state: EpochState, words: Words): ProgressProps | null {
  if (state.progressPct === null) return null
  return {
    id: 'epoch-progress',
    label: words.t('market.epoch.left', {
      epoch: state.epoch,
      blocks: words.number(state.blocksLeft!),
    }),
    value: state.blocksDone!,
    max: state.blocksDone! + state.blocksLeft!,
    text: words.pct(state.progressPct),
  }
}

/** Blocks to the next halving, with its date as a band. */
export function halvingTile({ halving, epoch }: MarketSummary, words: Words): ChainTile {
  const ahead = halving.detail
  if (halving.value === null || !ahead) {
    const note = epoch.detail
      ? words.t('market.halving.atMost', {
          blocks: words.number(blocksAtMost(epoch.detail.firstHeight)),
        })
      : ''
    return { ...missing('halving', halving, words), note, progress: null }
  }
  return {
    id: 'market-halving',
    label: words.t('market.figure.halving'),
    value: words.number(halving.value),
    note: halvingNote(ahead, words),
    source: words.source(halving),
    progress: {
      id: 'era-progress',
      label: words.t('market.halving.label', { height: words.number(ahead.height) }),
      value: 210_000 - ahead.blocksLeft,
      max: 210_000,
      text: words.pct(ahead.eraProgressPct),
    },
  }
}

const blocksAtMost = (height: number) => 210_000 - (height % 210_000)

const halvingNote = ({ estimate, earliest, latest }: HalvingCountdown, words: Words) =>
  words.t('market.halving.when', {
    date: words.month(estimate),
    from: words.month(earliest),
    to: words.month(latest),
  })

/** How things are, in one sentence. */
export function leadOf(summary: MarketSummary, disputed: boolean, words: Words): string {
  const { price, hashprice, epoch } = summary
  if (price.value === null) return words.t('market.lead.noPrice')
  if (disputed) return words.t('market.lead.disputed')
  const usd = words.value('price_usd', price.value)
  if (price.isOld)
    return words.t('market.lead.old', { price: usd, date: words.day(new Date(price.at)) })
  const parts = [words.t('market.lead.price', { price: usd })]
  if (hashprice.value !== null) {
    parts.push(words.t('market.lead.hashprice', { usd: words.usd(hashprice.value, 2) }))
  }
  const next = epoch.detail?.projection
  if (next?.at) {
    const change = words.signedPct(next.changePct)
    parts.push(words.t('market.lead.retarget', { change, date: words.nearDay(next.at) }))
  }
  return parts.join(words.t('market.lead.joint'))
}
