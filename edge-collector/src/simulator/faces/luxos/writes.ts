import type { Answer } from '../rpc.js'
import { profilesOf } from '../profiles.js'
import { profileName } from './rows.js'
import { withSession } from './session.js'

const CURTAIL = { sleep: 'pause', wakeup: 'resume' } as const

/** What changes the machine; all of it needs the session. */
export const WRITES: Readonly<Record<string, Answer>> = {
  curtail: withSession(({ miner, yes, no }, [word = '']) => {
    if (!Object.hasOwn(CURTAIL, word)) return no(302, `Invalid parameter '${word}'`)
    miner.order({ type: CURTAIL[word as keyof typeof CURTAIL] })
    return yes(342, `Curtail ${word}`)
  }),
  rebootdevice: withSession(({ miner, yes }) => {
    miner.order({ type: 'reboot' })
    return yes(325, 'Rebooting device')
  }),
  resetminer: withSession(({ miner, yes }) => {
    miner.order({ type: 'restart_mining' })
    return yes(321, 'Resetting miner')
  }),
  ledset: withSession(({ miner, yes, no }, [led, state = '']) => {
    if (led !== 'red' && led !== 'green') return no(302, 'Invalid LED')
    if (!/^(on|off|blink|auto)$/.test(state)) return no(302, 'Invalid LED state')
    if (led === 'red') {
      miner.order({ type: 'locate', on: state === 'on' || state === 'blink' })
    }
    return yes(331, `LED ${led} set to ${state}`)
  }),
  atmset: withSession(({ miner, yes, no }, words) => {
    const enabled = /^enabled=(true|false)$/.exec(words.join(','))?.[1]
    if (!enabled) return no(302, 'Invalid ATM setting')
    miner.memory.set('atm', enabled === 'true')
    return yes(339, 'ATM settings updated')
  }),
  profileset: withSession(({ miner, yes, no }, [name = '']) => {
    const profile = profilesOf(miner.model).find((one) => profileName(one) === name)
    if (!profile) return no(337, `Profile '${name}' not found`)
    miner.order({ type: 'set_profile', name: profile.order })
    return yes(336, `Profile set to '${name}'`, { PROFILE: [{ Profile: name }] })
  }),
}
