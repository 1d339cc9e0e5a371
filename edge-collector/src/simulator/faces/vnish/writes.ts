import type { MinerCommand } from '../../../drivers/contract.js'
import type { FaceReply, SimulatedMiner } from '../../contract.js'
import { json, NOT_FOUND } from '../page.js'
import { listIn, objectIn, textIn } from '../parts.js'
import { profilesOf } from '../profiles.js'
import { DISABLED, presetName } from './settings.js'

const SIMPLE: Readonly<Record<string, MinerCommand>> = {
  'system/reboot': { type: 'reboot' },
  'mining/restart': { type: 'restart_mining' },
  'mining/stop': { type: 'pause' },
  'mining/pause': { type: 'pause' },
  'mining/start': { type: 'resume' },
  'mining/resume': { type: 'resume' },
}

/** POST by somebody who may. */
export const write = (miner: SimulatedMiner, path: string, body: unknown): FaceReply => {
  if (Object.hasOwn(SIMPLE, path)) {
    miner.order(SIMPLE[path]!)
    return json({})
  }
  if (path === 'find-miner') {
    // Without a word it is the other way round than before.
    const { on = !miner.now().isLocating } = objectIn(body)
    if (typeof on !== 'boolean') return json({ err: 'on: expected a boolean' }, 400)
    miner.order({ type: 'locate', on })
    return json({ on })
  }
  return path === 'settings' ? settle(miner, objectIn(objectIn(body)['miner'])) : NOT_FOUND
}

/** The answer is the same whether something was taken or not. */
const settle = (miner: SimulatedMiner, settings: Record<string, unknown>): FaceReply => {
  const preset = textIn(settings['overclock'], 'preset')
  const profile = profilesOf(miner.model).find((one) => presetName(one) === preset)
  if (profile) miner.order({ type: 'set_profile', name: profile.order })
  if (preset === DISABLED) miner.order({ type: 'set_profile', name: DISABLED })
  const pools = listIn(settings['pools']).map((row) => ({
    url: withScheme(textIn(row, 'url')),
    user: textIn(row, 'user'),
    password: textIn(row, 'pass'),
  }))
  if (pools.length > 0 && pools.every(({ url }) => url !== '')) {
    miner.order({ type: 'set_pools', pools })
  }
  return json({ restart_required: false, reboot_required: false })
}

const withScheme = (url: string) =>
  url === '' || /^[a-z0-9+]+:\/\//i.test(url) ? url : `stratum+tcp://${url}`
