import type { Socket } from 'node:net'
import type { WireFaultKind } from './faults.js'
import type { Random } from './random.js'

/** Milliseconds a slow control board takes: half of them under 120, one of a hundred above 2,500. */
const SLOW_MEDIAN_MS = 120
const SLOW_SIGMA = Math.log(2500 / SLOW_MEDIAN_MS) / 2.326
const DRIBBLE_BYTES = 24
const DRIBBLE_MS = 30
/** More than any reader takes. */
const FLOOD_BYTES = 8 * 1024 * 1024
const flood = () => Buffer.alloc(FLOOD_BYTES, '{"a":')

export const slowMs = (random: Random, tick: number): number =>
  Math.min(10_000, SLOW_MEDIAN_MS * Math.exp(SLOW_SIGMA * random.normal('wire', tick)))

/** JSON as careless firmware writes it: no comma between objects, or one too many. */
const brokenJson = (text: string): string =>
  text.includes('},{') ? text.replaceAll('},{', '}{') : text.replace(/\}(?=[^}]*$)/, ',}')

/** The text of an answer as the fault has it. */
export const bent = (text: string, fault: WireFaultKind | null): string => {
  if (fault === 'broken_json') return brokenJson(text)
  return fault === 'flood' ? flood().toString() : text
}

/** Sends an answer the way the fault has it; nothing else is sent on this connection. */
export function deliver(socket: Socket, bytes: Buffer, fault: WireFaultKind | null): void {
  switch (fault) {
    case 'half_answer':
      // The rest never comes.
      socket.write(bytes.subarray(0, Math.ceil(bytes.length / 2)))
      return
    case 'truncated':
      socket.end(bytes.subarray(0, Math.ceil(bytes.length * 0.7)))
      return
    case 'reset':
      socket.resetAndDestroy()
      return
    case 'dribble':
      dribble(socket, bytes)
      return
    default:
      socket.end(bytes)
  }
}

function dribble(socket: Socket, bytes: Buffer): void {
  let sent = 0
  const timer = setInterval(() => {
    if (socket.destroyed) return clearInterval(timer)
    socket.write(bytes.subarray(sent, sent + DRIBBLE_BYTES))
    sent += DRIBBLE_BYTES
    if (sent < bytes.length) return
    clearInterval(timer)
    socket.end()
  }, DRIBBLE_MS)
  timer.unref()
}
