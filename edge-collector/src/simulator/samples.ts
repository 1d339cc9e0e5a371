import type { MinerState } from '../../protocol/record.js'
import type { Sample } from '../../protocol/sample.js'
import type { Moment, Phase } from './contract.js'
import type { Machine } from './machine.js'

const STATES: Record<Exclude<Phase, 'booting'>, MinerState> = {
  starting: 'starting',
  mining: 'mining',
  paused: 'paused',
  tripped: 'fault',
}

const round = (value: number, digits: number) => Number(value.toFixed(digits))

/** Numbers as a driver reads them; what a fault makes the firmware leave out is left out. */
function said(moment: Moment, isMining: boolean): Partial<Sample> {
  const { boards, fans, missing } = moment
  const speeds = fans.map(({ rpm }) => rpm)
  const all: Partial<Record<keyof Moment, Partial<Sample>>> = {
    hashrateThs: { hashrate_ths: round(moment.hashrateThs, 5) },
    hashrateAvgThs: { hashrate_avg_ths: round(moment.hashrateAvgThs, 5) },
    expectedThs: isMining ? { expected_hashrate_ths: round(moment.expectedThs, 5) } : {},
    powerW: { wattage_w: Math.round(moment.powerW), wattage_source: 'estimate' },
    boards: { temp_max_c: round(Math.max(...boards.map(({ chipMaxC }) => chipMaxC)), 1) },
    fans: { fan_min_rpm: Math.min(...speeds), fan_max_rpm: Math.max(...speeds) },
    accepted: { shares_accepted: moment.accepted },
    rejected: { shares_rejected: moment.rejected },
    stale: { shares_stale: moment.stale },
    hardwareErrors: { hardware_errors: moment.hardwareErrors },
    elapsedS: { uptime_s: moment.elapsedS },
  }
  return Object.assign(
    {},
    ...Object.entries(all).flatMap(([name, part]) => (missing.has(name) ? [] : [part]))
  )
}

/** Slow is not silent. */
const isUnheard = ({ wireFault }: Machine) => wireFault !== null && wireFault !== 'slow'

/**
 * What a collector would send of a machine now, without a socket between them. A machine that does
 * not answer is a sample as well.
 */
export function sampleOf(machine: Machine, pollMs = 40): Sample {
  const moment = machine.now()
  const head = { miner: `mac:${machine.mac}`, at: moment.at, poll_ms: pollMs, ip: machine.ip }
  const { phase } = moment
  if (phase === 'booting' || isUnheard(machine)) {
    return { ...head, outcome: 'unreachable', state: 'unknown' }
  }
  const isMining = phase === 'mining'
  return {
    ...head,
    outcome: 'ok',
    state: STATES[phase],
    is_mining: isMining,
    ...said(moment, isMining),
  }
}
