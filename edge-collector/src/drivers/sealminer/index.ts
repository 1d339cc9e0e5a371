import { apiMarks, pageText, SCORES } from '../../discovery/marks.js'
import { rowOf, textAt } from '../../values/json.js'
import type { Driver, Identity } from '../contract.js'
import { read } from './read.js'

const IDENTITY: Identity = {
  driver: 'sealminer',
  make: 'SealMiner',
  firmware_family: 'stock',
  model: null,
}

/** Bitdeer's SealMiner; read only. */
export const sealminer: Driver = {
  name: 'sealminer',
  label: 'SealMiner (stock)',
  evidence: 'recorded',
  claim: (probe) => {
    if (apiMarks(probe).includes('BDMINER')) {
      return [{ ...IDENTITY, score: SCORES.stockApi, isCertain: true }]
    }
    // The name of a library for pages, which others use as well.
    return /amazeui/i.test(pageText(probe))
      ? [{ ...IDENTITY, score: SCORES.stockPage, isCertain: false }]
      : []
  },
  confirm: async (session) => {
    const stats = rowOf(await session.rpc('stats'), 'STATS')
    const model = textAt(stats, 'Model')
    return textAt(stats, 'PM State') === null ? null : { ...IDENTITY, model }
  },
  read,
  capabilities: () => [],
}
