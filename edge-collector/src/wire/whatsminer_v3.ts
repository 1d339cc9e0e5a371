import { WireError, type Json, type JsonObject } from './contract.js'
import { asObject } from '../values/json.js'
import { ASK_MS, CONNECT_MS, type TcpTarget } from './cgminer.js'
import { parseJson } from './json_repair.js'
import { exchange, type Received } from './tcp.js'

const HEADER_BYTES = 4
const MAX_FRAME_BYTES = 256 * 1024

/** A question as the miner wants it: the length as 32 bits, little-endian, then the JSON. */
export const toFrame = (request: Json): Buffer => {
  const body = Buffer.from(JSON.stringify(request))
  const header = Buffer.alloc(HEADER_BYTES)
  header.writeUInt32LE(body.length)
  return Buffer.concat([header, body])
}

/** Asks a WhatsMiner V3. Throws WireError and nothing else; does not judge `code`. */
export const askV3 = async (target: TcpTarget, request: JsonObject): Promise<JsonObject> => {
  const received = await exchange({
    ip: target.ip,
    port: target.port,
    payload: toFrame(request),
    connectMs: target.connectMs ?? CONNECT_MS,
    deadlineMs: target.deadlineMs ?? ASK_MS,
    idleMs: target.deadlineMs ?? ASK_MS,
    maxBytes: MAX_FRAME_BYTES,
    endsWith: (_, collected) => isWhole(collected()),
    isWhole,
  })
  return toAnswer(received)
}

/** A frame that claims too much is not waited for. */
const isWhole = (bytes: Buffer): boolean => {
  const length = lengthOf(bytes)
  return length !== null && (length > MAX_FRAME_BYTES || bytes.length >= HEADER_BYTES + length)
}

const lengthOf = (bytes: Buffer) => (bytes.length < HEADER_BYTES ? null : bytes.readUInt32LE())

const toAnswer = ({ bytes, end }: Received): JsonObject => {
  const length = lengthOf(bytes)
  if (length !== null && length > MAX_FRAME_BYTES) {
    throw new WireError('too_large', `a frame of ${length} bytes`)
  }
  if (length === null || !isWhole(bytes)) throw cutOff(end, bytes.length)
  const text = new TextDecoder().decode(bytes.subarray(HEADER_BYTES, HEADER_BYTES + length))
  const parsed = parseJson(text)
  const answer = parsed.kind === 'ok' ? asObject(parsed.value) : null
  if (!answer) throw new WireError('not_json', `a frame of ${length} bytes without an object`)
  return answer
}

const cutOff = (end: Received['end'], size: number): WireError => {
  if (end === 'timeout') return new WireError('timeout', `no answer; ${size} bytes came`)
  if (end === 'reset') return new WireError('reset', `reset after ${size} bytes`)
  return new WireError(size === 0 ? 'empty' : 'truncated', `${size} bytes of a frame`)
}
