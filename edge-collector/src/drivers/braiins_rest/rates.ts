import type { JsonObject } from '../../wire/contract.js'
import { rateAt } from '../web/dig.js'

/** A hashrate of the API, which has its unit in the name of the key; in TH/s. */
export const toRate = (rate: JsonObject | null): number | null =>
  rateAt(rate, 'GH/s', ['gigahash_per_second']) ??
  rateAt(rate, 'TH/s', ['terahash_per_second']) ??
  rateAt(rate, 'MH/s', ['megahash_per_second'])
