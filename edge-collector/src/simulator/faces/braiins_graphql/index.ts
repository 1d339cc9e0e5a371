import type { Face, FaceReply, FaceRequest, SimulatedMiner } from '../../contract.js'
import { bodyOf } from '../words.js'
import { bosRpc } from '../braiins_rest/bos_rpc.js'
import { json, pageOf, pathOf } from '../page.js'
import { objectIn, textIn } from '../parts.js'
import { giveWebToken, isWebToken } from '../web_tokens.js'
import { select } from './execute.js'
import { GraphqlError, parseQuery } from './parse.js'
import * as parts from './parts.js'
import { mutations } from './writes.js'

const LIFE_S = 3600
const LUCI = '/cgi-bin/luci'
const INTERFACE = `${LUCI}/admin/network/iface_status/lan`
/** LuCI gives JSON to this client only. */
const AGENT = /^BTC Tools/

const cookieIn = ({ headers }: FaceRequest): string =>
  /(?:^|;\s*)(?:session_id|sysauth)=([^;]+)/.exec(headers['cookie'] ?? '')?.[1] ?? ''

const isRight = ({ account }: SimulatedMiner, user: string, password: string) =>
  user === account.user && password === account.password

const graphql = (miner: SimulatedMiner, request: FaceRequest): FaceReply => {
  const body = bodyOf(request.body)
  const query = textIn(body, 'query')
  try {
    const fields = parseQuery(query, objectIn(body?.['variables']))
    const session = { isOpen: isWebToken(miner, cookieIn(request)), cookie: '' }
    const data = select(rootOf(miner, session, /^\s*mutation\b/.test(query)), fields)
    const reply = json({ data })
    if (session.cookie === '') return reply
    const cookie = `session_id=${session.cookie}; Path=/; HttpOnly`
    return { ...reply, headers: { ...reply.headers, 'set-cookie': cookie } }
  } catch (error) {
    if (!(error instanceof GraphqlError)) throw error
    return json({ data: null, errors: [{ message: error.message }] })
  }
}

interface Session {
  isOpen: boolean
  /** Given by this request. */
  cookie: string
}

/** What there is to ask; without a session there is only the way in. */
const rootOf = (miner: SimulatedMiner, session: Session, isMutation: boolean) => {
  const auth = { login: (given: Record<string, unknown>) => logIn(miner, session, given) }
  const closed = () => {
    if (isMutation) miner.denied('graphql', 'no session')
    throw new GraphqlError('Unauthorized')
  }
  if (!session.isOpen) return { auth, bos: closed, bosminer: closed, events: closed }
  if (isMutation) return { auth, ...mutations(miner) }
  const moment = miner.now()
  return {
    auth,
    bos: parts.bosOf(miner, moment),
    bosminer: { info: parts.infoOf(miner, moment), config: parts.configOf(miner, moment) },
    events: { appeals: parts.appealsOf(moment) },
  }
}

const logIn = (miner: SimulatedMiner, session: Session, given: Record<string, unknown>) => {
  if (isRight(miner, textIn(given, 'username'), textIn(given, 'password'))) {
    session.cookie = giveWebToken(miner, LIFE_S)
    return { __typename: 'VoidResult', void: null }
  }
  miner.denied('login', 'wrong user or password')
  return { __typename: 'AuthError', message: 'Invalid username or password' }
}

/** The form of LuCI. */
const luci = (miner: SimulatedMiner, { body }: FaceRequest): FaceReply => {
  const form = new URLSearchParams(body)
  if (!isRight(miner, form.get('luci_username') ?? '', form.get('luci_password') ?? '')) {
    miner.denied('luci', 'wrong user or password')
    return { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>LuCI</html>' }
  }
  const cookie = `sysauth=${giveWebToken(miner, LIFE_S)}; path=${LUCI}`
  return { status: 302, headers: { 'location': LUCI, 'set-cookie': cookie }, body: '' }
}

const isInterface = (request: FaceRequest, path: string) =>
  path === INTERFACE && AGENT.test(request.headers['user-agent'] ?? '')

/** Braiins OS up to 25.05. */
export const braiinsGraphql: Face = {
  name: 'braiins_graphql',
  http: (miner, request) => {
    const path = pathOf(request.path)
    if (path === '/graphql' && request.method === 'POST') return graphql(miner, request)
    if (path === LUCI && request.method === 'POST') return luci(miner, request)
    if (!isInterface(request, path)) return pageOf('Braiins OS', request)
    return isWebToken(miner, cookieIn(request))
      ? json([{ macaddr: miner.mac.toLowerCase(), proto: 'dhcp', ifname: 'eth0' }])
      : { status: 403, headers: { 'content-type': 'text/html' }, body: '<html>LuCI</html>' }
  },
  rpc: bosRpc('BOSminer+', 'bosminer-plus-tuner 0.2.0-5ab4e75a'),
}
