/** What other plugins may ask of the fleet: one service, one definition of each figure. */
export {
  groupHistory,
  type GroupName,
  type History,
  type HistoryMeta,
  type HistoryPoint,
  historyOf,
} from './services/history.js'
export { fleetParts, sumOf, type Sum } from './services/page_sums.js'
export { CONNECTIVITY, type Connectivity } from './domain/connectivity.js'
export {
  energySince,
  type IntervalMinutes,
  type MeterInterval,
  meterIntervals,
} from './services/meter_history.js'
