import type { MinerFault } from '../../../protocol/record.js'
import { countAt, rowsOf, textAt } from '../../values/json.js'
import type { JsonObject } from '../../wire/contract.js'

/** What was asked for is no fault, and what it comes up from is news and no more. */
const WANTED = ['SLEEP', 'IDLE']
const NEWS = ['REBOOT_SYSINIT', 'REBOOT_USER', 'SHUTDOWN_USER']
const MOST = 50

/** `events`: what happens to the machine now. */
export const toFaults = (answer: JsonObject | null): MinerFault[] | null =>
  rowsOf(answer, 'EVENTS')?.slice(0, MOST).flatMap(toFault) ?? null

const toFault = (row: JsonObject): MinerFault[] => {
  const code = textAt(row, 'Code')
  if (code === null || WANTED.includes(code)) return []
  const target = textAt(row, 'Target')?.toLowerCase() ?? null
  const id = countAt(row, 'ID')
  return [
    {
      code: code.slice(0, 120),
      message: textAt(row, 'Description'),
      severity: NEWS.includes(code) ? 'info' : 'error',
      component: target !== null && id !== null ? `${target}:${id}` : target,
      at: textAt(row, 'CreatedAt')?.slice(0, 40) ?? null,
    },
  ]
}
