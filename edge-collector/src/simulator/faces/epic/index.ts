import type { Face, Moment, SimulatedMiner } from '../../contract.js'
import { bodyOf } from '../words.js'
import { json, NOT_FOUND, pageOf, pathOf } from '../page.js'
import * as parts from './parts.js'
import { isWrite, write } from './writes.js'

type Page = (miner: SimulatedMiner, moment: Moment) => unknown

const PAGES: Readonly<Record<string, Page>> = {
  '/summary': parts.summaryOf,
  '/capabilities': parts.capabilitiesOf,
  '/network': parts.networkOf,
  '/temps': parts.tempsOf,
  '/hashrate': parts.hashrateOf,
  '/clocks': parts.clocksOf,
  '/voltages': parts.voltagesOf,
}

/** ePIC PowerPlay: HTTP where others speak the cgminer API. */
export const epic: Face = {
  name: 'epic',
  http: (_, request) => pageOf('Miner Web Dashboard', request),
  rpcHttp: (miner, request) => {
    const path = pathOf(request.path)
    if (request.method === 'GET' && Object.hasOwn(PAGES, path)) {
      return json(PAGES[path]!(miner, miner.now()))
    }
    if (request.method !== 'POST' || !isWrite(path)) return NOT_FOUND
    return write(miner, path, bodyOf(request.body))
  },
}
