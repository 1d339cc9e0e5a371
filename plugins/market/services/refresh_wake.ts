import { inBackground } from '#core/background'
import { current } from '#core/current'
import { DATUM_RULES, type Datum, datumOf } from '../domain/data.js'
import type { StoredSeries } from '../domain/series_kind.js'
import { areFeedsOn } from './feeds_switch.js'
import { refreshDatum } from './refresh_datum.js'

/** Datum → not before this moment (ms) will this process ask again, whoever reads. */
const asleepUntil = new Map<Datum, number>()

/** A command of the console ends when it has answered; in a worker the schedules are at work. */
const isRequest = () => ['session', 'token'].includes(current.peek()?.via ?? '')

/**
 * Called by readers, who never wait for it: wakes one refresh of each datum whose value is missing
 * or old. One call a process, one refresh in all processes: the others find the lease taken.
 */
export function wakeOld(
  wanted: readonly StoredSeries[],
  atOf: (series: StoredSeries) => string | undefined,
  now = new Date()
) {
  if (!areFeedsOn() || !isRequest()) return
  for (const datum of new Set(wanted.map(datumOf))) {
    const { series, oldAfterMs, everyMs } = DATUM_RULES[datum]
    const isOld = (one: StoredSeries) => {
      const at = atOf(one)
      return at === undefined || now.getTime() - Date.parse(at) > oldAfterMs
    }
    const asleep = asleepUntil.get(datum) ?? 0
    if (now.getTime() < asleep || !series.some((one) => wanted.includes(one) && isOld(one)))
      continue
    asleepUntil.set(datum, now.getTime() + everyMs)
    inBackground(`refresh of ${datum}`, () => refreshDatum(datum))
  }
}

/** Forgets that this process asked already; tests begin anew with it. */
export const forgetWakes = () => asleepUntil.clear()
