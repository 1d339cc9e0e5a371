import type { EpochState } from '../domain/epoch_state.js'
import type { ChainFigures } from './epochs.js'
import type { Words } from './market_words.js'
import { epochProgress } from './present_chain.js'

interface Line {
  label: string
  value: string | null
  reason: string
}

/** The current epoch line by line; what is not known says why. */
export function presentEpoch({ epoch }: ChainFigures, words: Words) {
  if (!epoch) return null
  const line = (name: string, value: string | null, reason = epoch.reason): Line => ({
    label: words.t(`market.now.${name}`),
    value,
    reason: reason ? words.t(`market.reason.${reason}`) : '',
  })
  return {
    progress: epochProgress(epoch, words),
    lines: [
      line('epoch', words.number(epoch.epoch)),
      line('began', epoch.firstBlockAt && words.day(epoch.firstBlockAt), 'no_first_block_time'),
      line('height', epoch.height === null ? null : words.number(epoch.height)),
      line('next', words.number(epoch.nextRetargetHeight)),
      ...projectionLines(epoch, words).map(([name, value]) => line(name, value)),
    ],
  }
}

function projectionLines({ projection }: EpochState, words: Words): [string, string | null][] {
  if (!projection) return ['interval', 'change', 'when'].map((name) => [name, null])
  const { meanIntervalS, changePct, changeLowPct, changeHighPct, at, earliest, latest } = projection
  const band = words.t('market.epoch.band', {
    low: words.signedPct(changeLowPct),
    high: words.signedPct(changeHighPct),
  })
  const dates =
    earliest && latest
      ? words.t('market.epoch.between', {
          from: words.nearDay(earliest),
          to: words.nearDay(latest),
        })
      : ''
  return [
    ['interval', words.t('market.now.minutes', { n: words.number(meanIntervalS / 60, DIGITS) })],
    ['change', `${words.signedPct(changePct)} (${band})`],
    ['when', at && `${words.nearDay(at)} (${dates})`],
  ]
}

const DIGITS = { minimumFractionDigits: 2, maximumFractionDigits: 2 }
