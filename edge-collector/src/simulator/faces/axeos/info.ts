import type { Model, Moment, SimulatedBoard, SimulatedMiner } from '../../contract.js'
import { round } from '../words.js'
import { ghs } from '../cgminer_rows.js'
import { hottestC, told } from '../parts.js'
import { type Place, placesOf } from './pools.js'

const MV_PER_V = 1000
const CHIPS: readonly [name: RegExp, chip: string, cores: number][] = [
  [/nerd/i, 'BM1370', 2040],
  [/gamma/i, 'BM1370', 2040],
  [/supra/i, 'BM1368', 1276],
  [/ultra/i, 'BM1366', 894],
]
const OLDEST = [null, 'BM1397', 672] as const

export const isNerd = ({ model }: SimulatedMiner) => /nerd/i.test(model.name)

const place = (name: 'stratum' | 'fallbackStratum', { host, port, user }: Place) => ({
  [`${name}URL`]: host,
  [`${name}Port`]: port,
  [`${name}User`]: user,
})

/** What only the newer firmware of the Bitaxe says; the Nerd's fork has none of it. */
const newer = (moment: Moment) => ({
  miningPaused: moment.phase === 'paused' ? 1 : 0,
  hashRate_1m: told(moment, 'hashrateThs', ghs(moment.hashrateThs)),
  hashRate_10m: told(moment, 'hashrateAvgThs', ghs(moment.hashrateAvgThs)),
  hashRate_1h: told(moment, 'hashrateAvgThs', ghs(moment.hashrateAvgThs)),
  expectedHashrate: told(moment, 'expectedThs', ghs(moment.expectedThs)),
})

const faultsOf = (moment: Moment) => {
  const has = (...kinds: string[]) => moment.faults.some(({ kind }) => kinds.includes(kind))
  return {
    overheat_mode: moment.phase === 'tripped' || has('overheat') ? 1 : 0,
    ...(has('psu') ? { power_fault: 'Power Fault Detected' } : {}),
    ...(has('board', 'chips') ? { hardware_fault: 'ASIC does not answer' } : {}),
  }
}

const chipOf = ({ name }: Model) => {
  const [, ASICModel, smallCoreCount] = CHIPS.find(([mark]) => mark.test(name)) ?? OLDEST
  return { ASICModel, smallCoreCount }
}

/** The one board. */
const boardOf = (moment: Moment, board: SimulatedBoard) => ({
  temp: told(moment, 'boards', round(board.chipC, 3)),
  vrTemp: told(moment, 'boards', round(board.pcbC, 1)),
  coreVoltageActual: Math.round(board.voltageV * MV_PER_V),
  frequency: board.frequencyMhz,
  asicCount: board.chipsWorking,
})

const fansOf = (moment: Moment) => {
  const [first, second] = moment.missing.has('fans') ? [] : moment.fans
  return {
    fanspeed: moment.fanPercent,
    fanrpm: first?.rpm,
    ...(second ? { fan2rpm: second.rpm } : {}),
  }
}

const poolsOf = (miner: SimulatedMiner, moment: Moment) => {
  const [first, second] = moment.missing.has('pools') ? [] : placesOf(miner, moment)
  return {
    ...(first ? place('stratum', first) : {}),
    ...(second ? place('fallbackStratum', second) : {}),
    isUsingFallbackStratum: moment.pools[1]?.isActive ? 1 : 0,
    stratumDiff: moment.difficulty,
  }
}

/** `system/info` is all that there is. */
export const infoOf = (miner: SimulatedMiner, moment: Moment) => {
  const { model } = miner
  const volts = isNerd(miner) ? 12 : 5
  return {
    power: told(moment, 'powerW', round(moment.powerW, 3)),
    voltage: volts * MV_PER_V,
    current: round((moment.powerW / volts) * 1000),
    ...boardOf(moment, moment.boards[0]!),
    hashRate: told(moment, 'hashrateThs', ghs(moment.hashrateThs)),
    ...(isNerd(miner) ? { deviceModel: model.name } : newer(moment)),
    bestDiff: '483k',
    bestSessionDiff: '0',
    freeHeap: 8_443_612,
    coreVoltage: Math.round(model.boardVoltageV * MV_PER_V),
    ssid: 'site',
    macAddr: miner.mac,
    hostname: miner.hostname,
    wifiStatus: 'Connected!',
    sharesAccepted: told(moment, 'accepted', moment.accepted),
    sharesRejected: told(moment, 'rejected', moment.rejected),
    uptimeSeconds: told(moment, 'uptimeS', moment.uptimeS),
    ...chipOf(model),
    ...poolsOf(miner, moment),
    version: miner.firmwareVersion,
    idfVersion: 'v5.4',
    boardVersion: isNerd(miner) ? '501' : '401',
    runningPartition: 'ota_0',
    ...faultsOf(moment),
    autofanspeed: 1,
    ...fansOf(moment),
    maxTemp: round(hottestC(moment), 1),
  }
}
