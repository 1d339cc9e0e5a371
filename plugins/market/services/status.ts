import { ageSeconds } from '#core/time'
import { STORED_SERIES, UNITS } from '../domain/series_kind.js'
import { isOld } from '../domain/staleness.js'
import { coverage } from './history.js'
import { marketFigures } from './summary.js'

/** The state of the market data: the same object in the API and at the console. */
export async function marketStatus(now: Date) {
  const { latest, chain, summary } = await marketFigures(now)
  const values = STORED_SERIES.flatMap((series) => {
    const stored = latest[series]
    if (!stored) return []
    const { value, source, at, quality } = stored
    const age = ageSeconds(new Date(at), now)
    const unit = UNITS[series]
    return [
      { series, value, unit, source, at, ageSeconds: age, quality, isOld: isOld(stored, now) },
    ]
  })
  const { hashprice } = summary
  return {
    at: now,
    values,
    missing: STORED_SERIES.filter((series) => !latest[series]),
    hashprice: hashprice.detail,
    hashpriceReason: 'reason' in hashprice ? hashprice.reason : null,
    epoch: chain.epoch,
    halving: chain.halving,
    coverage: await coverage(),
  }
}

export type MarketStatus = Awaited<ReturnType<typeof marketStatus>>
