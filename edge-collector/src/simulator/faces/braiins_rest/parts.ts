import type { Moment, SimulatedMiner } from '../../contract.js'
import { plainModel, secondsOf } from '../words.js'
import { told } from '../parts.js'
import { gigahash } from './figures.js'
import { targetsOf } from './target.js'

const BOOT_S = 300
/** Set by `actions/stop`: the process is gone and cannot be resumed. */
export const STOPPED = 'stopped'

/** 1 not started, 2 normal, 3 paused, 4 suspended. */
const statusOf = ({ memory }: SimulatedMiner, { phase, uptimeS }: Moment): number => {
  if (phase === 'tripped') return 4
  if (phase === 'paused') return memory.get(STOPPED) === true ? 1 : 3
  return phase === 'starting' && uptimeS < BOOT_S ? 1 : 2
}

export const detailsOf = (miner: SimulatedMiner, moment: Moment) => ({
  uid: miner.serial,
  miner_identity: {
    brand: 1,
    model: 18,
    name: plainModel(miner),
    miner_model: plainModel(miner),
  },
  platform: 6,
  bos_mode: 5,
  bos_version: { current: miner.firmwareVersion, major: miner.firmwareVersion, bos_plus: true },
  hostname: miner.hostname,
  mac_address: miner.mac.toLowerCase(),
  system_uptime: told(moment, 'uptimeS', moment.uptimeS),
  system_uptime_s: told(moment, 'uptimeS', moment.uptimeS),
  bosminer_uptime_s: told(moment, 'elapsedS', moment.elapsedS),
  sticker_hashrate: gigahash(miner.model.hashrateThs),
  status: statusOf(miner, moment),
  psu_info: { model_name: 'APW121215f', serial_number: `P${miner.serial}`, fw_version: null },
  control_board_soc_family: 1,
  serial_number: miner.serial,
  kernel_version: '4.9.38-tag-',
})

/** The name of the group that was sent last. */
export const GROUP = 'group'

export const poolsOf = ({ memory }: SimulatedMiner, moment: Moment) =>
  moment.missing.has('pools')
    ? null
    : [
        {
          uid: '0',
          name: (memory.get(GROUP) as string | undefined) ?? 'default',
          strategy: { quota: { value: 1 } },
          pools: moment.pools.map((pool, index) => ({
            uid: `${index}`,
            url: pool.url,
            user: pool.user,
            enabled: true,
            alive: pool.isAlive,
            active: pool.isActive,
            stats: {
              accepted_shares: pool.accepted,
              rejected_shares: pool.rejected,
              stale_shares: pool.stale,
              last_difficulty: moment.difficulty,
            },
          })),
        },
      ]

export const configurationOf = (miner: SimulatedMiner, moment: Moment) => {
  const { watts, ths } = targetsOf(miner, moment)
  return {
    pool_groups: [],
    tuner: {
      enabled: true,
      tuner_mode: ths === null ? 1 : 2,
      power_target: ths === null ? { watt: watts } : null,
      hashrate_target: ths === null ? null : { terahash_per_second: ths },
    },
  }
}

/** 2 stable, 3 tuning. */
export const tunerOf = (miner: SimulatedMiner, moment: Moment) => {
  const { watts, ths } = targetsOf(miner, moment)
  const profile = {
    created: { seconds: secondsOf(moment) - moment.elapsedS, nanos: 0 },
    measured_hashrate: gigahash(moment.hashrateAvgThs),
    estimated_power_consumption: { watt: Math.round(moment.powerW) },
  }
  return {
    overall_tuner_state: moment.phase === 'starting' ? 3 : 2,
    mode_state:
      ths === null
        ? { powertargetmodestate: { profile, current_target: { watt: watts } } }
        : { hashratetargetmodestate: { profile, current_target: { terahash_per_second: ths } } },
  }
}

export const networkOf = (miner: SimulatedMiner) => ({
  name: 'eth0',
  mac_address: miner.mac.toLowerCase(),
  hostname: miner.hostname,
  protocol: 1,
  dns_servers: [],
  networks: [{ address: miner.ip, netmask: '255.255.255.0' }],
  default_gateway: null,
})

/** A log that only grows; it begins before the clock was set. */
export const errorsOf = (_: SimulatedMiner, moment: Moment) => ({
  errors: [
    {
      timestamp: '2015-01-01T00:00:21.000000Z',
      message: 'Failed to resolve the name of a pool',
      error_codes: [],
      components: [],
    },
    ...moment.faults.map(({ kind, slot, since }) => ({
      timestamp: new Date(since).toISOString(),
      message: `${kind}${slot === null ? '' : ` ${slot}`}: fault detected`,
      error_codes: [],
      components: [],
    })),
  ],
})
