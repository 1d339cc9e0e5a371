import type { Face, FaceReply, FaceRequest, SimulatedMiner } from '../contract.js'
import type { Answer, Template } from '../template.js'
import { NOT_FOUND, pathOf } from './page.js'
import { objectIn, textIn } from './parts.js'
import { bodyOf, refusalOf } from './words.js'

/** Of whoever logged in. */
const TOKEN = 'replay'

/** A machine that was recorded, with address, MAC, hostname and serial number of its own. */
export const replayOf = (template: Template): Face => {
  const own = overlayOf(template)
  const { rpc, v3, http, rpcHttp } = template
  return {
    name: 'replay',
    ...(rpc.length + v3.length > 0 ? { rpc: rpcOf(template, own) } : {}),
    ...(v3.length > 0 ? { v3: v3Of(v3, own) } : {}),
    ...(http.length > 0 ? { http: httpOf(http, own) } : {}),
    ...(rpcHttp.length > 0 ? { rpcHttp: httpOf(rpcHttp, own) } : {}),
  }
}

type Own = (text: string, miner: SimulatedMiner) => string

/** `"hostname": "x"` and the like, whatever the case. */
const HOSTNAME = /("host_?name"\s*:\s*")[^"\\]*(")/gi
const IP = /("ip(?:_?addr(?:ess)?)?"\s*:\s*")\d{1,3}(?:\.\d{1,3}){3}(")/gi

/** Bytes stay as they are but for who the machine is. */
const overlayOf = ({ mac, serial }: Template): Own => {
  // As a whole value, also in Avalon's brackets: boards have serial numbers that begin like it.
  const everySerial = serial && new RegExp(`(["[])${serial}(["\\]])`, 'g')
  const everyMac = mac && new RegExp(mac.match(/../g)!.join('([:-]?)'), 'gi')
  return (text, miner) => {
    const named = text
      .replace(HOSTNAME, `$1${miner.hostname}$2`)
      .replace(IP, `$1${miner.ip}$2`)
      .replace(everySerial ?? /(?!)/, `$1${miner.serial}$2`)
    return everyMac ? named.replace(everyMac, (found) => likeMac(miner.mac, found)) : named
  }
}

/** With the separator and the case that stood there. */
const likeMac = (mac: string, found: string): string => {
  const written = mac.replaceAll(':', /[:-]/.exec(found)?.[0] ?? '')
  return found === found.toLowerCase() ? written.toLowerCase() : written
}

const isSame = (recorded: unknown, asked: unknown) => (recorded ?? '') === (asked ?? '')

const rpcOf =
  ({ rpc, v3 }: Template, own: Own): NonNullable<Face['rpc']> =>
  (miner, request) => {
    const { command, cmd, parameter } = request.json ?? {}
    const found = rpc.find(
      ({ request: was = {} }) =>
        isSame(was['command'], command ?? cmd) && isSame(was['parameter'], parameter)
    )
    if (found) return `${own(found.text, miner)}\0`
    const details = command === 'devdetails' ? detailsOf(v3) : null
    return details ?? refusalOf(miner.now(), request, 'replay')
  }

/** What every WhatsMiner says there; those of V3 were recorded on their own port only. */
const detailsOf = (v3: readonly Answer[]): string | null => {
  const info = v3.find(({ request = {} }) => request['cmd'] === 'get.device.info')
  const model = textIn(objectIn(objectIn(bodyOf(info?.text ?? '')?.msg)['miner']), 'type')
  if (model === '') return null
  const device = { DEVDETAILS: 0, Name: 'SM', ID: 0, Driver: 'bitmicro', Model: model }
  return `${JSON.stringify({ STATUS: [{ STATUS: 'S', Code: 69 }], DEVDETAILS: [device], id: 1 })}\0`
}

const v3Of =
  (answers: readonly Answer[], own: Own): NonNullable<Face['v3']> =>
  (miner, message) => {
    const found = answers.find(
      ({ request: was = {} }) =>
        isSame(was['cmd'], message['cmd']) && isSame(was['param'], message['param'])
    )
    const answer = found ? bodyOf(own(found.text, miner)) : null
    return answer ?? { code: -1, msg: 'invalid command', desc: textIn(message, 'cmd') }
  }

const httpOf =
  (answers: readonly Answer[], own: Own): NonNullable<Face['http']> =>
  (miner, request) => {
    const welcome = welcomed(request)
    if (welcome) return welcome
    const path = pathOf(request.path)
    const query = textIn(bodyOf(request.body), 'operationName')
    const found = answers.find(
      (one) =>
        (one.method ?? 'GET') === request.method &&
        one.path === path &&
        (one.query_name === undefined || one.query_name === query)
    )
    if (!found) return NOT_FOUND
    return {
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: own(found.text, miner),
    }
  }

/** Where a login is. No password was recorded, so anybody is let in with any. */
const welcomed = ({ method, path, body }: FaceRequest): FaceReply | null => {
  if (method !== 'POST') return null
  const headers = { 'content-type': 'application/json', 'set-cookie': `session_id=${TOKEN}` }
  if (/\/(auth\/login|unlock)$/.test(path)) {
    return { status: 200, headers, body: JSON.stringify({ token: TOKEN }) }
  }
  const isLogin = path === '/graphql' && /\blogin\b/.test(textIn(bodyOf(body), 'query'))
  if (!isLogin) return null
  return { status: 200, headers, body: '{"data":{"auth":{"login":{"void":null}}}}' }
}
