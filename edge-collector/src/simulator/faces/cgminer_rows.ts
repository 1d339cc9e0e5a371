import type { Moment } from '../contract.js'
import { told } from './parts.js'
import { counters, poolRows, round } from './words.js'

/** What cgminer counts hashrates in, and how many of it are 1 TH/s. */
export type RateUnit = 'MHS' | 'GHS'
const PER_THS: Record<RateUnit, number> = { MHS: 1e6, GHS: 1e3 }

export const mhs = (ths: number) => round(ths * PER_THS.MHS)
export const ghs = (ths: number) => round(ths * PER_THS.GHS)

/** The windows of cgminer: short ones are the noisy hashrate, long ones the mean. */
export const rateRow = (unit: RateUnit, nowThs?: number, averageThs?: number) => {
  const inUnit = (ths: number | undefined) =>
    ths === undefined ? undefined : round(ths * PER_THS[unit])
  return {
    [`${unit} av`]: inUnit(averageThs),
    [`${unit} 5s`]: inUnit(nowThs),
    [`${unit} 1m`]: inUnit(nowThs),
    [`${unit} 5m`]: inUnit(averageThs),
    [`${unit} 15m`]: inUnit(averageThs),
  }
}

/** The row of `summary`, without what a fault hides. */
export const summaryRow = (moment: Moment, unit: RateUnit) => {
  const row = counters(moment)
  return {
    ...row,
    'Elapsed': told(moment, 'elapsedS', row.Elapsed),
    'Accepted': told(moment, 'accepted', row.Accepted),
    'Rejected': told(moment, 'rejected', row.Rejected),
    'Stale': told(moment, 'stale', row.Stale),
    'Hardware Errors': told(moment, 'hardwareErrors', row['Hardware Errors']),
    ...rateRow(
      unit,
      told(moment, 'hashrateThs', moment.hashrateThs),
      told(moment, 'hashrateAvgThs', moment.hashrateAvgThs)
    ),
  }
}

/** The lists of `pools`: without its key when a fault hides them. */
export const poolList = (moment: Moment) => ({ POOLS: told(moment, 'pools', poolRows(moment)) })

export const poolsMessage = ({ pools }: Moment) => `${pools.length} Pool(s)`
