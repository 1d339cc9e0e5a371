import type { Moment, NoticedFault } from '../../contract.js'
import { localTime } from '../parts.js'

const slotOf = ({ slot }: NoticedFault) => Math.min(9, slot ?? 0)

/** Codes of MicroBT's list; the last digit is the board or the fan. */
const CODES: Record<NoticedFault['kind'], (fault: NoticedFault) => [code: number, reason: string]> =
  {
    fan: (fault) => [110 + slotOf(fault), 'Fan speed error.'],
    psu: () => [203, 'Power protecting.'],
    overheat: (fault) => [350 + slotOf(fault), 'Temperature protecting.'],
    board: (fault) => [530 + slotOf(fault), 'Hash board not found.'],
    chips: (fault) => [550 + slotOf(fault), 'Hash board has bad chips.'],
    pool: (fault) => [2020 + slotOf(fault), 'Pool connect failed.'],
    network: () => [2010, 'All pools are disabled.'],
  }

/** What the machine complains of, with the miner's local time. */
export const faultsOf = ({ faults }: Moment) =>
  faults.map((fault) => {
    const [code, reason] = CODES[fault.kind](fault)
    return { code: String(code), reason, time: localTime(fault.since) }
  })
