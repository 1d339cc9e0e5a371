import type { Face, FaceReply, RpcRequest, SimulatedMiner } from '../../contract.js'
import { commandOf, secondsOf } from '../words.js'
import { JOINABLE, QUESTIONS } from './questions.js'
import { privileged, type Said } from './writes.js'

const CGMINER = 'cgminer 4.9.2'
const END = '\0'

const say = (miner: SimulatedMiner, { letter = 'S', code, msg }: Said) => ({
  STATUS: letter,
  When: secondsOf(miner.now()),
  Code: code,
  Msg: msg,
  Description: '',
})

const INVALID: Said = { letter: 'E', code: 14, msg: 'invalid cmd' }

/** A question that anybody may ask; null for everything else. */
const answer = (miner: SimulatedMiner, command: string): object | null => {
  if (!Object.hasOwn(QUESTIONS, command)) return null
  const moment = miner.now()
  const reply = QUESTIONS[command]!(miner, moment)
  if ('msg' in reply) return say(miner, { code: 131, msg: reply.msg })
  const { code, message, lists } = reply
  const status = {
    STATUS: 'S',
    When: secondsOf(moment),
    Code: code,
    Msg: message,
    Description: CGMINER,
  }
  return { STATUS: [status], ...lists, id: 1 }
}

const joined = (miner: SimulatedMiner, commands: readonly string[]): object | null =>
  commands.every((command) => JOINABLE.includes(command))
    ? Object.fromEntries([...commands.map((name) => [name, [answer(miner, name)]]), ['id', 1]])
    : null

/** The mining API of a WhatsMiner as far as it only tells. */
export const readRpc = (miner: SimulatedMiner, request: RpcRequest): object => {
  const { command } = commandOf(request)
  const told = command.includes('+') ? joined(miner, command.split('+')) : answer(miner, command)
  return told ?? { ...say(miner, INVALID), Description: 'btminer' }
}

/** Its page is to be had over TLS only. */
export const toHttps = ({ ip }: SimulatedMiner): FaceReply => ({
  status: 307,
  headers: { location: `https://${ip}/` },
  body: '',
})

/** WhatsMiner with API 2: questions are open, commands need a token and AES. */
export const whatsminer: Face = {
  name: 'whatsminer',
  rpc: (miner, request) => {
    const given = privileged(miner, request.json ?? {})
    if (given === null) return `${JSON.stringify(readRpc(miner, request))}${END}`
    if (given === 'nothing') return null
    const answered = JSON.stringify(say(miner, given.said))
    return `${given.seal ? JSON.stringify({ enc: given.seal(answered) }) : answered}${END}`
  },
  http: toHttps,
}
