import { type Figure, marketSummary, type MarketSummary } from './summary.js'

export const FIGURES = [
  'price',
  'difficulty',
  'networkHashrate',
  'hashprice',
  'epoch',
  'halving',
] as const
export type FigureName = (typeof FIGURES)[number]

/** A figure of the first page; `day` is when it is expected to come about, `changePct` what it brings. */
export type LandingFigure = Figure & {
  day: Date | null
  /** The day is a count of ten minutes a block: nobody knows the pace of this epoch. */
  isCounted: boolean
  changePct: number | null
}

const BLOCK_MS = 600_000
const plain = (figure: Figure): LandingFigure => ({
  ...figure,
  day: null,
  isCounted: false,
  changePct: null,
})

/** A day in the past is no estimate: the height behind it is old. */
const ahead = (day: Date | null | undefined, now: Date) => (day && day > now ? day : null)

function epoch({ detail, ...figure }: MarketSummary['epoch'], now: Date): LandingFigure {
  if (figure.value === null || detail?.blocksLeft === null || !detail) return plain(figure)
  const counted = new Date(Date.parse(figure.at) + detail.blocksLeft * BLOCK_MS)
  return {
    ...figure,
    value: detail.blocksLeft,
    day: ahead(detail.projection?.at ?? counted, now),
    isCounted: !detail.projection?.at,
    changePct: detail.projection?.changePct ?? null,
  }
}

function halving({ detail, ...figure }: MarketSummary['halving'], now: Date): LandingFigure {
  return { ...plain(figure), day: ahead(detail?.estimate, now) }
}

/**
 * The six figures of the first page from stored values only. Units: $, difficulty, TH/s, $ per PH/s
 * and day, blocks to the next retarget, blocks to the next halving.
 */
export async function landingFigures(now: Date): Promise<Record<FigureName, LandingFigure>> {
  const summary = await marketSummary(now)
  const { detail: _, ...hashprice } = summary.hashprice
  return {
    price: plain(summary.price),
    difficulty: plain(summary.difficulty),
    networkHashrate: plain(summary.networkHashrate),
    hashprice: plain(hashprice),
    epoch: epoch(summary.epoch, now),
    halving: halving(summary.halving, now),
  }
}
