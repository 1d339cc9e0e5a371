import { amountAt, flagAt, rowOf, rowsOf, textAt } from '../../values/json.js'
import type { JsonObject, Wire } from '../../wire/contract.js'
import { attempt, refuse, type Send } from '../attempt.js'
import type { ActResult, MinerCommand } from '../contract.js'
import { inSession } from './login.js'
import { setPools } from './pools.js'

/** Sends a command within a session; pools are changed without one. */
export const act = (wire: Wire, command: MinerCommand): Promise<ActResult> =>
  attempt((send) =>
    command.type === 'set_pools'
      ? setPools(wire, send, command.pools)
      : prepared(wire, command).then((steps) =>
          inSession(wire, (sid) => run(wire, send, sid, steps))
        )
  )

/** Commands with their parameter behind the session. */
type Step = [command: string, ...parameter: string[]]

const run = async (wire: Wire, send: Send, sid: string, steps: readonly Step[]) => {
  for (const [name, ...parameter] of steps) {
    await send(() => wire.rpc(name, [sid, ...parameter].join(',')))
  }
  return steps.map((step) => step.join(' ')).join(', then ')
}

const prepared = async (wire: Wire, command: MinerCommand): Promise<Step[]> => {
  switch (command.type) {
    case 'reboot':
      return [['rebootdevice']]
    case 'restart_mining':
      return [['resetminer']]
    case 'pause':
      return [['curtail', 'sleep']]
    case 'resume':
      return [['curtail', 'wakeup']]
    case 'locate':
      return [['ledset', 'red', command.on ? 'blink' : 'auto']]
    case 'set_profile':
      return profileSteps(wire, (profile) => nameOf(profile) === command.name)
    case 'set_power_limit':
      return profileSteps(wire, (profile) => wattsOf(profile) <= command.watts)
    default:
      return refuse(`${command.type} is unknown to LuxOS`)
  }
}

const nameOf = (profile: JsonObject) => textAt(profile, 'Profile Name')
const wattsOf = (profile: JsonObject) => amountAt(profile, 'Watts') ?? Number.POSITIVE_INFINITY

/**
 * The profile with the most watts of those that fit. The tuner of LuxOS moves between profiles on
 * its own, so it is switched off first.
 */
const profileSteps = async (
  wire: Wire,
  fits: (profile: JsonObject) => boolean
): Promise<Step[]> => {
  const profiles = rowsOf(await wire.rpc('profiles'), 'PROFILES') ?? []
  const best = profiles
    .filter(fits)
    .toSorted((a, b) => wattsOf(b) - wattsOf(a))
    .at(0)
  const name = best ? nameOf(best) : null
  if (name === null || /[,|\\]/.test(name)) return refuse('no such profile')
  const config = rowOf(await wire.rpc('config'), 'CONFIG')
  const atmOff: Step[] = flagAt(config, 'IsAtmEnabled') ? [['atmset', 'enabled=false']] : []
  return [...atmOff, ['profileset', name]]
}
