import { asObject } from '../../values/json.js'
import { type JsonObject, type Wire, WireError } from '../../wire/contract.js'
import type { Session } from '../contract.js'

/** A page of the web interface; its session is a cookie that a form gives. */
export const askPage = async (session: Session, path: string): Promise<JsonObject | null> => {
  const answer = await session.ask(`GET ${path}`, async () =>
    session.wire.json({ path, headers: await cookieOf(session.wire) })
  )
  return asObject(answer ?? undefined)
}

const cookieOf = async (wire: Wire): Promise<Record<string, string>> => {
  if (!wire.credentials) return {}
  const { user, password } = wire.credentials
  const { status, headers } = await wire.http({
    method: 'POST',
    path: '/cgi-bin/login.php',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    body: new URLSearchParams({ username: user, origin_pwd: password }).toString(),
  })
  const cookie = headers['set-cookie']?.split(/[;\n]/)[0]
  if (cookie === undefined) throw new WireError('auth', `no session, HTTP ${status}`)
  return { cookie }
}
