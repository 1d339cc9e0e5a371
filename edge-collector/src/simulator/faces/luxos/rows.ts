import type { Moment, NoticedFault, SimulatedBoard, SimulatedMiner } from '../../contract.js'
import { counters, plainModel, round } from '../words.js'
import { chainStats } from '../bitmain_stats.js'
import { ghs, mhs, rateRow, summaryRow } from '../cgminer_rows.js'
import { isRunning, meanOf, told } from '../parts.js'
import { profileOf, profilesOf, type Profile } from '../profiles.js'

/** How much cooler a board is where the air comes in than in its middle. */
const INTAKE_C = 6

export const profileName = ({ frequencyMhz }: Profile): string => `${frequencyMhz}MHz`

/** Whether the tuner moves between profiles on its own; it does until it is told not to. */
export const isAtmOn = ({ memory }: SimulatedMiner): boolean => memory.get('atm') !== false

export const summaryOf = (moment: Moment) => {
  const { 'MHS av': _, ...row } = summaryRow(moment, 'GHS') as Record<string, unknown>
  return { ...row, 'GHS 30m': ghs(moment.hashrateAvgThs), 'Total MH': counters(moment)['Total MH'] }
}

export const configOf = (miner: SimulatedMiner, moment: Moment) => ({
  'ASC Count': moment.boards.length,
  'PGA Count': 0,
  'Pool Count': moment.pools.length,
  'OS': 'LuxOS',
  'ControlBoardType': 'cvitek',
  'Cooling': 'Air',
  'CurtailMode': moment.phase === 'paused' ? 'Sleep' : 'None',
  'DHCP': true,
  'FeeStatus': 'Ok',
  'GreenLed': 'auto',
  'RedLed': moment.isLocating ? 'blink' : 'auto',
  'Hostname': miner.hostname,
  'IPAddr': miner.ip,
  'MACAddr': miner.mac.toLowerCase(),
  'ImmersionMode': false,
  'IsAtmEnabled': isAtmOn(miner),
  'IsPowerSupplyOn': isRunning(moment),
  'IsSingleVoltage': true,
  // The tuner is at work whatever the machine does.
  'IsTuning': isAtmOn(miner),
  'Log Interval': 0,
  'Model': plainModel(miner),
  'NameplateTHS': miner.model.hashrateThs,
  'Profile': profileName(profileOf(miner.model, moment)),
  'SerialNumber': miner.serial,
  'Strategy': 'Failover',
  'SystemStatus': 'Normal',
})

/** In no order: a reader must go by the ID. */
export const devsOf = (miner: SimulatedMiner, moment: Moment) => {
  const [first, ...rest] = moment.boards
  return [...rest.toReversed(), ...(first ? [first] : [])].map((board) => ({
    'ASC': board.slot,
    'ID': board.slot,
    'Name': '',
    'Enabled': 'Y',
    'Status': board.isAlive ? 'Alive' : 'Dead',
    'Temperature': Math.round(board.pcbC),
    ...rateRow('MHS', board.hashrateThs, board.hashrateAvgThs),
    'Nominal MHS': mhs(board.expectedThs),
    'Hardware Errors': board.hardwareErrors,
    'Board': 'BHB56903',
    'Connector': `J${7 + board.slot}`,
    'SerialNumber': board.serial,
    'Profile': profileName(profileOf(miner.model, moment)),
    'IsRamping': moment.phase === 'starting',
    'IsUserShutdown': false,
    'Device Elapsed': moment.elapsedS,
  }))
}

const sensors = ({ pcbC, isAlive }: SimulatedBoard) => {
  const [intake, exhaust] = isAlive
    ? [round(pcbC - INTAKE_C, 1), round(pcbC + INTAKE_C, 1)]
    : [0, 0]
  return { BottomLeft: exhaust, BottomRight: intake, TopLeft: exhaust, TopRight: intake }
}

export const tempsOf = (moment: Moment) => ({
  METADATA: [
    {
      BottomLeft: { Label: 'Board Exhaust (bottom)', Position: [1, 0] },
      BottomRight: { Label: 'Board Intake (bottom)', Position: [1, 1] },
      TopLeft: { Label: 'Board Exhaust (top)', Position: [0, 0] },
      TopRight: { Label: 'Board Intake (top)', Position: [0, 1] },
    },
  ],
  TEMPS: moment.boards.map((board) => ({ TEMP: board.slot, ID: board.slot, ...sensors(board) })),
})

/** "total rate" is a mean of the boards. */
export const statsOf = (moment: Moment) => ({
  ...chainStats(moment),
  'total rate': ghs(meanOf(moment.boards.map(({ hashrateAvgThs }) => hashrateAvgThs))),
})

/** Their labels are in another order than their numbers. */
const FAN_LABELS = ['FAN4', 'FAN2', 'FAN1', 'FAN3']

export const fansOf = (moment: Moment) =>
  told(
    moment,
    'fans',
    moment.fans.map(({ slot, rpm }) => ({
      FAN: FAN_LABELS[slot] ?? `FAN${slot + 1}`,
      ID: slot,
      RPM: rpm,
      Speed: moment.fanPercent,
    }))
  )

export const profileRows = ({ model }: SimulatedMiner, moment: Moment) =>
  profilesOf(model).map((profile, index) => ({
    'Profile Name': profileName(profile),
    'Frequency': profile.frequencyMhz,
    'Voltage': profile.voltageV,
    'Hashrate': profile.hashrateThs,
    'Watts': profile.watts,
    'Step': String(index - 10),
    'IsDynamic': true,
    'IsTuned': profile.order === profileOf(model, moment).order,
  }))

type Event = [code: string, target: string, text: string]

/** Codes and texts of docs.luxor.tech, firmware/api/luxminer/events. */
const EVENTS: Partial<Record<NoticedFault['kind'], Event>> = {
  fan: ['FAN_FAILURE', 'FAN', 'Fan failure.'],
  psu: ['PSU_PANIC', 'MINER', 'PSU panic.'],
  overheat: ['OVERTEMP_PROTECTION', 'MINER', 'Board overtemp protection triggered.'],
  board: ['BOARD_NOT_DETECTED', 'BOARD', 'Board was removed or its connection is faulty.'],
  chips: ['BAD_DOMAIN', 'BOARD', 'Board has one or more bad domains.'],
}
const SLEEP: Event = ['SLEEP', 'MINER', 'Miner is in Sleep mode.']
const NO_POOLS: Event = ['NO_ACTIVE_POOLS', 'MINER', 'No active pools available.']

const eventOf = ([Code, Target, Description]: Event, since: number, slot: number | null) => ({
  Code,
  CreatedAt: new Date(since).toISOString().replace(/\.\d+Z$/, '+00:00'),
  Description,
  Target,
  ...(slot === null ? {} : { ID: slot }),
})

/** What asks for attention, and that it sleeps. */
export const eventsOf = (moment: Moment) => {
  const { faults, phase, pools, at } = moment
  const events = faults.flatMap(({ kind, slot, since }) => {
    const event = EVENTS[kind]
    return event ? [eventOf(event, since, slot)] : []
  })
  if (phase === 'paused') events.push(eventOf(SLEEP, at, null))
  if (pools.every(({ isAlive }) => !isAlive)) events.push(eventOf(NO_POOLS, at, null))
  return told(moment, 'faults', events)
}
