import type { Face, FaceReply, FaceRequest, SimulatedMiner } from '../../contract.js'
import { bodyOf } from '../words.js'
import { json, NOT_FOUND, pageOf, pathOf } from '../page.js'
import { infoOf, isNerd } from './info.js'
import { STAGED, stage, type Staged } from './pools.js'

type Action = (miner: SimulatedMiner) => void

/** Settings count from here on. */
const restart: Action = (miner) => {
  const staged = miner.memory.get(STAGED) as Staged | undefined
  if (staged) miner.order({ type: 'set_pools', pools: staged })
  miner.order({ type: 'reboot' })
}

const ACTIONS: Readonly<Record<string, Action>> = {
  restart,
  pause: (miner) => miner.order({ type: 'pause' }),
  resume: (miner) => miner.order({ type: 'resume' }),
  identify: (miner) => miner.order({ type: 'locate', on: true }),
}

const act = (miner: SimulatedMiner, name: string): FaceReply => {
  const isKnown = Object.hasOwn(ACTIONS, name) && (name === 'restart' || !isNerd(miner))
  if (!isKnown) return NOT_FOUND
  ACTIONS[name]!(miner)
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: `System will ${name}` }
}

const SYSTEM = '/api/system'

const answer = (miner: SimulatedMiner, request: FaceRequest, path: string): FaceReply => {
  const moment = miner.now()
  const name = path.slice(SYSTEM.length + 1)
  if (request.method === 'GET' && name === 'info') return json(infoOf(miner, moment))
  if (request.method === 'POST') return act(miner, name)
  if (request.method !== 'PATCH' || name !== '') return NOT_FOUND
  const settings = bodyOf(request.body)
  return settings && stage(miner, moment, settings)
    ? { status: 200, body: '' }
    : { status: 400, body: 'Invalid settings' }
}

/** AxeOS of the Bitaxe and its fork of the NerdQAxe: nobody has to log in. */
export const axeos: Face = {
  name: 'axeos',
  http: (miner, request) => {
    const path = pathOf(request.path)
    if (path === SYSTEM || path.startsWith(`${SYSTEM}/`)) return answer(miner, request, path)
    return pageOf(isNerd(miner) ? `${miner.model.name} AxeOS` : 'AxeOS', request)
  },
}
