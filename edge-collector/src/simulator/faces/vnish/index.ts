import type { Face, FaceReply, FaceRequest, Moment, SimulatedMiner } from '../../contract.js'
import { bodyOf, plainModel } from '../words.js'
import { chainStats } from '../bitmain_stats.js'
import { poolList, poolsMessage, summaryRow } from '../cgminer_rows.js'
import { json, NOT_FOUND, pageOf, pathOf } from '../page.js'
import { textIn } from '../parts.js'
import { rpcOf } from '../rpc.js'
import { giveWebToken, isWebToken } from '../web_tokens.js'
import * as parts from './parts.js'
import * as settings from './settings.js'
import { write } from './writes.js'

const API = '/api/v1/'
const LIFE_S = 3600

type Page = (miner: SimulatedMiner, moment: Moment, isUnlocked: boolean) => unknown

/** Anybody may see these. */
const OPEN: Readonly<Record<string, Page>> = {
  'info': parts.infoOf,
  'status': (_, moment, isUnlocked) => parts.statusOf(moment, isUnlocked),
  'summary': parts.summaryOf,
  'chains': (miner, moment) => parts.summaryOf(miner, moment).miner.chains,
  'chains/factory-info': settings.factoryOf,
}
const LOCKED: Readonly<Record<string, Page>> = {
  'settings': settings.settingsOf,
  'autotune/presets': settings.presetsOf,
}

const http = (miner: SimulatedMiner, request: FaceRequest): FaceReply => {
  const path = pathOf(request.path)
  if (!path.startsWith(API)) return pageOf('AnthillOS', request)
  const name = path.slice(API.length)
  const isPost = request.method === 'POST'
  if (isPost && name === 'unlock') return unlock(miner, textIn(bodyOf(request.body), 'pw'))
  // Some send it with "Bearer" and some without.
  const token = (request.headers['authorization'] ?? '').replace(/^bearer /i, '')
  const isUnlocked = isWebToken(miner, token)
  if (isPost) return isUnlocked ? write(miner, name, bodyOf(request.body)) : locked(miner, name)
  const pages = isUnlocked ? { ...OPEN, ...LOCKED } : OPEN
  if (Object.hasOwn(pages, name)) return json(pages[name]!(miner, miner.now(), isUnlocked))
  return isUnlocked ? NOT_FOUND : json({ err: 'unauthorized' }, 401)
}

const locked = (miner: SimulatedMiner, name: string): FaceReply => {
  miner.denied(name, 'no token')
  return json({ err: 'unauthorized' }, 401)
}

const unlock = (miner: SimulatedMiner, password: string): FaceReply => {
  if (password === miner.account.password) return json({ token: giveWebToken(miner, LIFE_S) })
  miner.denied('unlock', 'wrong password')
  return json({ err: 'wrong password' }, 403)
}

const versionOf = (miner: SimulatedMiner) => ({
  CGMiner: `4.11.1 (Vnish ${miner.firmwareVersion})`,
  API: '3.7',
  Miner: '26.0.1.3',
  CompileTime: 'Sun Mar  2 10:11:12 UTC 2025',
  Type: plainModel(miner),
})

/** VNish, whose page is called AnthillOS. */
export const vnish: Face = {
  name: 'vnish',
  http,
  rpc: rpcOf({
    description: () => 'cgminer 4.11.1',
    joins: true,
    answers: {
      version: ({ miner, yes }) => yes(22, 'CGMiner versions', { VERSION: [versionOf(miner)] }),
      stats: ({ miner, moment, yes }) =>
        yes(70, 'CGMiner stats', { STATS: [versionOf(miner), chainStats(moment)] }),
      summary: ({ moment, yes }) => yes(11, 'Summary', { SUMMARY: [summaryRow(moment, 'GHS')] }),
      pools: ({ moment, yes }) => yes(7, poolsMessage(moment), poolList(moment)),
    },
  }),
}
