import type { Face, FaceReply, FaceRequest, Moment, SimulatedMiner } from '../../contract.js'
import { json, NOT_FOUND, pageOf, pathOf } from '../page.js'
import { textIn } from '../parts.js'
import { giveWebToken, isWebToken } from '../web_tokens.js'
import { bosRpc } from './bos_rpc.js'
import * as figures from './figures.js'
import * as parts from './parts.js'
import { constraintsOf } from './target.js'
import { write } from './writes.js'

const API = '/api/v1/'
const LIFE_S = 3600
const VERSION = { major: 1, minor: 1, patch: 0 }

type Page = (miner: SimulatedMiner, moment: Moment) => unknown

const PAGES: Readonly<Record<string, Page>> = {
  'miner/details': parts.detailsOf,
  'miner/stats': figures.statsOf,
  'miner/hw/hashboards': figures.hashboardsOf,
  'miner/errors': parts.errorsOf,
  'cooling/state': figures.coolingOf,
  'pools': parts.poolsOf,
  'configuration/miner': parts.configurationOf,
  'configuration/constraints': constraintsOf,
  'performance/tuner-state': parts.tunerOf,
  'network': parts.networkOf,
  'actions/locate': (_, moment) => moment.isLocating,
}

const http = (miner: SimulatedMiner, request: FaceRequest): FaceReply => {
  const path = pathOf(request.path)
  if (!path.startsWith(API)) return pageOf('Braiins OS', request)
  const name = path.slice(API.length)
  if (name === 'version') return json(VERSION)
  if (request.method === 'POST' && name === 'auth/login') return logIn(miner, bodyIn(request))
  // Without "Bearer".
  if (!isWebToken(miner, request.headers['authorization'] ?? '')) {
    if (request.method !== 'GET') miner.denied(name, 'no token')
    return json({ message: 'Missing or invalid token' }, 401)
  }
  if (request.method === 'PUT') return write(miner, name, bodyIn(request))
  return Object.hasOwn(PAGES, name) ? json(PAGES[name]!(miner, miner.now())) : NOT_FOUND
}

const logIn = (miner: SimulatedMiner, body: unknown): FaceReply => {
  const { user, password } = miner.account
  if (textIn(body, 'username') === user && textIn(body, 'password') === password) {
    return json({ token: giveWebToken(miner, LIFE_S), timeout_s: LIFE_S })
  }
  miner.denied('auth/login', 'wrong user or password')
  return json({ message: 'Invalid username or password' }, 401)
}

/** Any JSON: `true` is a body as well. */
const bodyIn = ({ body }: FaceRequest): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

/** Braiins OS from 25.07. */
export const braiinsRest: Face = {
  name: 'braiins_rest',
  http,
  rpc: bosRpc('BOSer', 'boser-openwrt 0.1.0-26ba61b9'),
}
