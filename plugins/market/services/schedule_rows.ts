import { dateAfter } from '../domain/halving_estimate.js'
import { subsidySchedule } from '../domain/halvings.js'
import type { ChainFigures } from './epochs.js'
import type { Words } from './market_words.js'

const SHOWN_ERAS = 9
const SATS_PER_BTC = 100_000_000
/** All that there will ever be. */
const LIMIT_SATS = 2_099_999_997_690_000

/** The subsidy era by era: facts for those that began, a band of dates for those to come. */
export function scheduleRows({ height, epoch }: ChainFigures, words: Words) {
  return subsidySchedule(SHOWN_ERAS).map((era, index, eras) => {
    const next = eras[index + 1]?.firstHeight ?? Number.POSITIVE_INFINITY
    const isNow = height !== null && era.firstHeight <= height && height < next
    return {
      era: era.era + 1,
      height: words.number(era.firstHeight),
      subsidy: words.number(Number(era.subsidySats) / SATS_PER_BTC, { maximumFractionDigits: 8 }),
      issued: words.pct((Number(era.supplyAtEndSats) / LIMIT_SATS) * 100, 2),
      isNow,
      ...dateOf(era, epoch, words),
    }
  })
}

type Era = ReturnType<typeof subsidySchedule>[number]

function dateOf(era: Era, epoch: ChainFigures['epoch'], words: Words) {
  if (era.beganAt) return { date: words.day(era.beganAt), band: '', isFact: true }
  if (!epoch?.height || !epoch.heightAt || era.firstHeight <= epoch.height) {
    return { date: null, band: words.t('market.reason.no_height'), isFact: false }
  }
  const blocks = era.firstHeight - epoch.height
  const { estimate, earliest, latest } = dateAfter(blocks, epoch.height, epoch.heightAt)
  const band = words.t('market.halving.band', {
    from: words.month(earliest),
    to: words.month(latest),
  })
  return { date: words.month(estimate), band, isFact: false }
}
