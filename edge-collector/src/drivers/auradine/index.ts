import { apiMarks, pageText, SCORES } from '../../discovery/marks.js'
import { rowOf, textAt } from '../../values/json.js'
import type { Claim, Driver, Identity, Probe } from '../contract.js'
import { readOnly } from '../web/change.js'
import { askAsNeeded } from '../web/login.js'
import { askRest, login, read } from './read.js'

const IDENTITY: Identity = {
  driver: 'auradine',
  make: 'Auradine',
  firmware_family: 'stock',
  model: null,
}
const MARKS = /GCMINER|FLUXOS/

const claim = (probe: Probe): Claim[] => {
  if (MARKS.test(apiMarks(probe))) {
    return [{ ...IDENTITY, score: SCORES.stockApi, isCertain: true }]
  }
  return /miner ui/i.test(pageText(probe))
    ? [{ ...IDENTITY, score: SCORES.stockPage, isCertain: false }]
    : []
}

/** Auradine's Teraflux with FluxOS; its answers are examples of the maker's documentation. */
export const auradine: Driver = {
  name: 'auradine',
  label: 'Auradine Teraflux',
  evidence: 'constructed',
  claim,
  confirm: async (session) => {
    const answer = await askAsNeeded(session, login, (headers) =>
      askRest(session, '/ipreport', headers)
    )
    const report = rowOf(answer, 'IPReport')
    if (report !== null) return { ...IDENTITY, model: textAt(report, 'model') }
    const version = await session.rpc('version')
    return MARKS.test(JSON.stringify(version).toUpperCase()) ? IDENTITY : null
  },
  read,
  capabilities: readOnly,
}
