import { WireError, type Json } from './contract.js'
import { parseJson } from './json_repair.js'
import { exchange, type Received } from './tcp.js'
import { parseText } from './text_answer.js'

/** Where to ask, and for how long. */
export interface TcpTarget {
  ip: string
  port: number
  connectMs?: number
  deadlineMs?: number
  idleMs?: number
  maxBytes?: number
}

export const CONNECT_MS = 1000
export const ASK_MS = 5000
/** An answer without an end is whole when nothing came for so long and it parses. */
export const IDLE_MS = 200
export const MAX_BYTES = 1024 * 1024

/** What the web process of a WhatsMiner answers for a dead mining process. */
const PROCESS_DOWN = /^\s*socket connect failed/i

/**
 * Asks the cgminer API: one connection, one write, one answer up to NUL, end of file or silence.
 * Throws WireError and nothing else; does not judge STATUS.
 */
export const askCgminer = async (target: TcpTarget, request: Json): Promise<Json> => {
  const received = await exchange({
    ip: target.ip,
    port: target.port,
    payload: Buffer.from(typeof request === 'string' ? request : JSON.stringify(request)),
    connectMs: target.connectMs ?? CONNECT_MS,
    deadlineMs: target.deadlineMs ?? ASK_MS,
    idleMs: target.idleMs ?? IDLE_MS,
    maxBytes: target.maxBytes ?? MAX_BYTES,
    endsWith: (chunk) => chunk.includes(0),
    isWhole: (bytes) => !isUnfinished(parseBytes(bytes)),
  })
  const parsed = parseBytes(received.bytes)
  if (parsed instanceof WireError) throw explain(parsed, received)
  return parsed
}

const isUnfinished = (parsed: Json | WireError) =>
  parsed instanceof WireError && parsed.kind !== 'refused'

/** The bytes of an answer, or why they are none. */
export const parseBytes = (bytes: Buffer): Json | WireError => {
  const end = bytes.indexOf(0)
  const text = new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end)).trim()
  if (text === '') return new WireError('empty', 'an answer without content')
  if (PROCESS_DOWN.test(text)) return new WireError('refused', 'the mining process is down')
  const parsed = parseJson(text)
  if (parsed.kind === 'ok') return parsed.value
  return parseText(text) ?? new WireError(parsed.kind, beginningOf(text))
}

/** How the connection ended says more than what is missing. */
const explain = (error: WireError, { end, bytes }: Received): WireError => {
  if (error.kind === 'refused') return error
  if (end === 'timeout') return new WireError('timeout', `no answer; ${bytes.length} bytes came`)
  if (end === 'reset') return new WireError('reset', `reset after ${bytes.length} bytes`)
  return error
}

const beginningOf = (text: string) =>
  `begins with ${JSON.stringify(text.slice(0, 40).replace(/[^\x20-\x7E]/g, '?'))}`
