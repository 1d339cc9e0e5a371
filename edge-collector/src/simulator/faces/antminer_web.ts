import type { MinerCommand } from '../../drivers/contract.js'
import type { FaceReply, FaceRequest, Moment, SimulatedMiner } from '../contract.js'
import { chipMap, modeOf, sensorsOf } from './antminer_parts.js'
import { digestDoor } from './digest.js'
import { bodyOf, lacks, round, said, secondsOf } from './words.js'

const REALM = 'antMiner Configuration'
const API_VERSION = '1.0.0'

/** The pages of the miner's own web server. */
export function antminerWeb(miner: SimulatedMiner, request: FaceRequest): FaceReply {
  const challenge = digestDoor(miner, request, REALM)
  if (challenge) return challenge
  const path = request.path.replace(/\?.*$/, '')
  const reply = request.method === 'POST' ? write(miner, path, request.body) : read(miner, path)
  return reply === null ? { status: 404, body: 'Not Found' } : { status: 200, body: reply }
}

const PAGES: Readonly<Record<string, (miner: SimulatedMiner, moment: Moment) => unknown>> = {
  '/': (miner) => `<html><head><title>${miner.model.name}</title></head></html>`,
  '/cgi-bin/get_system_info.cgi': systemInfo,
  '/cgi-bin/get_miner_conf.cgi': configOf,
  '/cgi-bin/get_blink_status.cgi': (_, moment) => ({ blink: moment.isLocating }),
  '/cgi-bin/miner_type.cgi': (miner) => ({
    miner_type: miner.model.name,
    subtype: 'AMLCtrl_SIM',
    fw_version: miner.firmwareVersion,
  }),
  '/cgi-bin/stats.cgi': (miner, moment) => ({
    ...head(miner, moment, 'stats'),
    STATS: isAsleep(moment) ? [] : [stats(miner, moment)],
  }),
  '/cgi-bin/summary.cgi': (miner, moment) => ({
    ...head(miner, moment, 'summary'),
    SUMMARY: isAsleep(moment) ? [] : [summary(moment)],
  }),
  '/cgi-bin/pools.cgi': (miner, moment) => ({
    ...head(miner, moment, 'pools'),
    POOLS: pools(moment),
  }),
  '/cgi-bin/reboot.cgi': reboot,
}

const read = (miner: SimulatedMiner, path: string): unknown =>
  Object.hasOwn(PAGES, path) ? PAGES[path]!(miner, miner.now()) : null

function reboot(miner: SimulatedMiner): string {
  miner.order({ type: 'reboot' })
  return ''
}

/** While it sleeps, the lists are empty. */
const isAsleep = ({ phase }: Moment) => phase === 'paused'

const head = (miner: SimulatedMiner, moment: Moment, message: string) => ({
  STATUS: { STATUS: 'S', when: secondsOf(moment), Msg: message, api_version: API_VERSION },
  INFO: {
    miner_version: 'uart_trans.1.3',
    CompileTime: miner.firmwareVersion,
    type: miner.model.name,
  },
})

function systemInfo(miner: SimulatedMiner) {
  return {
    minertype: miner.model.name,
    nettype: 'DHCP',
    netdevice: 'eth0',
    macaddr: miner.mac,
    hostname: miner.hostname,
    ipaddress: miner.ip,
    netmask: '255.255.255.0',
    gateway: '',
    dnsservers: '',
    system_mode: 'GNU/Linux',
    system_kernel_version: 'Linux 4.9.113',
    system_filesystem_version: miner.firmwareVersion,
    firmware_type: 'Release',
    serinum: miner.serial,
  }
}

const rates = (moment: Moment) => ({
  elapsed: moment.elapsedS,
  rate_5s: lacks(moment, 'hashrateThs') ? undefined : round(moment.hashrateThs * 1000),
  rate_30m: round(moment.hashrateAvgThs * 1000),
  rate_avg: lacks(moment, 'hashrateAvgThs') ? undefined : round(moment.hashrateAvgThs * 1000),
  rate_ideal: lacks(moment, 'expectedThs') ? undefined : round(moment.expectedThs * 1000),
  rate_unit: 'GH/s',
})

/** The newer models tell their power, those before leave it out. */
const tellsPower = ({ model }: SimulatedMiner) => /S21|XP/.test(model.name)

const stats = (miner: SimulatedMiner, moment: Moment) =>
  said({
    ...rates(moment),
    'chain_num': moment.boards.length,
    'fan_num': moment.fans.length,
    'fan': lacks(moment, 'fans') ? undefined : moment.fans.map(({ rpm }) => rpm),
    'hwp_total': 0,
    'miner-mode': modeOf(moment),
    'freq-level': 100,
    'chain_power':
      tellsPower(miner) && !lacks(moment, 'powerW') ? `${Math.round(moment.powerW)} W` : undefined,
    'chain': moment.boards.map((board) => ({
      index: board.slot,
      freq_avg: board.frequencyMhz,
      rate_ideal: round(board.expectedThs * 1000),
      rate_real: round(board.hashrateThs * 1000),
      asic_num: board.chipsWorking,
      asic: chipMap(board, miner.model.chipsPerBoard),
      temp_pic: sensorsOf(board.pcbC),
      temp_pcb: sensorsOf(board.pcbC),
      temp_chip: sensorsOf(board.chipC),
      hw: board.hardwareErrors,
      eeprom_loaded: board.isAlive,
      sn: board.serial,
      hwp: 0,
      tpl: [],
    })),
  })

/** A light for each part: s is well, w and e are not. */
function summary(moment: Moment) {
  const has = (...kinds: string[]) => moment.faults.find(({ kind }) => kinds.includes(kind))
  const light = (type: string, message: string, bad: boolean) => ({
    type,
    status: bad ? 'e' : 's',
    code: bad ? 1 : 0,
    msg: bad ? message : '',
  })
  return {
    ...said(rates(moment)),
    hw_all: moment.hardwareErrors,
    bestshare: 0,
    status: [
      light('rate', 'hash board lost', has('board', 'chips') !== undefined),
      light('network', 'pool unreachable', has('pool', 'network') !== undefined),
      light('fans', 'fan lost', has('fan') !== undefined),
      light('temp', 'temperature too high', has('overheat') !== undefined),
    ],
  }
}

const pools = (moment: Moment) =>
  moment.pools.map((pool, index) => ({
    index,
    url: pool.url,
    user: pool.user,
    status: pool.isAlive ? 'Alive' : 'Unreachable',
    priority: index,
    getworks: 0,
    accepted: pool.accepted,
    rejected: pool.rejected,
    discarded: 0,
    stale: pool.stale,
    diff: String(moment.difficulty),
    diff1: 0,
    diffa: pool.accepted * moment.difficulty,
    diffr: pool.rejected * moment.difficulty,
    diffs: pool.stale * moment.difficulty,
    lsdiff: moment.difficulty,
    lstime: '00:00:03',
  }))

/** With what somebody wrote to it and the miner does not know. */
function configOf(miner: SimulatedMiner, moment: Moment) {
  return {
    'api-listen': true,
    'api-network': true,
    'api-groups': 'A:stats:pools:devs:summary:version',
    'api-allow': 'A:0/0,W:*',
    'bitmain-fan-ctrl': false,
    'bitmain-fan-pwm': '100',
    'bitmain-use-vil': true,
    'bitmain-freq': String(miner.model.frequencyMhz),
    'bitmain-voltage': String(Math.round(miner.model.boardVoltageV * 100)),
    'bitmain-freq-level': '100',
    ...(miner.memory.get('config') as object | undefined),
    'pools': Array.from({ length: 3 }, (_, index) => {
      const { url = '', user = '', password = '' } = moment.pools[index] ?? {}
      return { url, user, pass: password }
    }),
    'bitmain-work-mode': String(modeOf(moment)),
  }
}

const MODES: Record<string, Extract<MinerCommand, { type: 'set_power_mode' }>> = {
  0: { type: 'set_power_mode', mode: 'normal' },
  2: { type: 'set_power_mode', mode: 'high' },
  3: { type: 'set_power_mode', mode: 'low' },
}

function write(miner: SimulatedMiner, path: string, text: string): unknown {
  const body = bodyOf(text)
  switch (path) {
    case '/cgi-bin/set_miner_conf.cgi':
      return body === null ? { stats: 'error', code: 'M001', msg: 'json' } : setConfig(miner, body)
    case '/cgi-bin/blink.cgi': {
      const on = String(body?.blink) === 'true'
      miner.order({ type: 'locate', on })
      return { code: on ? 'B000' : 'B100' }
    }
    case '/cgi-bin/reboot.cgi':
      return reboot(miner)
    default:
      return null
  }
}

/** The whole configuration: what differs is done, and the miner restarts. */
function setConfig(miner: SimulatedMiner, body: Record<string, unknown>) {
  const before = miner.now()
  const { 'pools': _pools, 'bitmain-work-mode': _mode, ...rest } = body
  const changes = [...poolChange(miner, before, body), ...modeChanges(before, body)]
  miner.memory.set('config', rest)
  for (const change of changes) miner.order(change)
  if (changes.length === 0 && before.phase !== 'paused') miner.order({ type: 'restart_mining' })
  return { stats: 'success', code: 'M000', msg: 'OK!' }
}

function poolChange(
  miner: SimulatedMiner,
  before: Moment,
  body: Record<string, unknown>
): MinerCommand[] {
  const wanted = body.pools as { url: string; user: string; pass: string }[] | undefined
  const isSame = JSON.stringify(wanted) === JSON.stringify(configOf(miner, before).pools)
  if (!wanted || isSame) return []
  const given = wanted.filter(({ url }) => url !== '')
  return [
    {
      type: 'set_pools',
      pools: given.map(({ url, user, pass }) => ({ url, user, password: pass })),
    },
  ]
}

function modeChanges(before: Moment, body: Record<string, unknown>): MinerCommand[] {
  const wanted = String(body['miner-mode'] ?? body['bitmain-work-mode'] ?? '0')
  const isAsleepNow = before.phase === 'paused'
  if (wanted === '1') return isAsleepNow ? [] : [{ type: 'pause' }]
  const wake: MinerCommand[] = isAsleepNow ? [{ type: 'resume' }] : []
  const mode = MODES[wanted]
  return mode && mode.mode !== before.mode ? [...wake, mode] : wake
}
