import Tokens from 'csrf'
import env from '#start/env'
import type User from '#models/user'
import { sessionCookie } from '#tests/session_client'
import { addressOf, type RouteFacts } from '#tests/support/routes'

/** Somebody who tries every route. */
export interface Actor {
  name: string
  user?: User
  /** For the API. */
  token?: string
  /** What the matrix gives; nothing for those who should get in nowhere. */
  permissions: ReadonlySet<string>
}

export interface Answer {
  status: number
  type: string
  location: string
  text: string
}

export const BASE = `http://127.0.0.1:${env.get('PORT')}`
const tokens = new Tokens()

async function headersOf(actor: Actor, isWrite: boolean): Promise<Record<string, string>> {
  if (actor.token) return { authorization: `Bearer ${actor.token}` }
  const secret = tokens.secretSync()
  const headers: Record<string, string> = {}
  if (actor.user) {
    const { name, value } = await sessionCookie(actor.user, { 'csrf-secret': secret })
    headers.cookie = `${name}=${value}`
    if (isWrite) headers['x-csrf-token'] = tokens.create(secret)
  }
  return headers
}

/** Asks as this actor; every request has a session of its own, since some routes end it. */
export async function ask(
  actor: Actor,
  route: RouteFacts,
  values: Record<string, string> = {}
): Promise<Answer> {
  const isWrite = route.method !== 'GET'
  const headers = await headersOf(actor, isWrite)
  if (isWrite) headers['content-type'] = 'application/json'
  const response = await fetch(BASE + addressOf(route, values), {
    method: route.method,
    headers,
    body: isWrite ? '{}' : undefined,
    redirect: 'manual',
  })
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    location: response.headers.get('location') ?? '',
    text: await response.text(),
  }
}

/** An answer without what differs between two askings of the very same thing. */
export function comparable({ status, type, location, text }: Answer) {
  const same = (part: string) =>
    part
      .replaceAll(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, '<id>')
      .replaceAll(/"requestId":"[^"]*"/g, '<request>')
      .replaceAll(/nonce="[^"]*"/g, '<nonce>')
      .replaceAll(/(name="(?:_csrf|csrf-token)"[^>]*(?:value|content))="[^"]*"/g, '$1')
      .replaceAll(/[\w-]{8,}-[\w-]{20,}/g, '<token>')
      .replaceAll(/<(?:code|small|span)[^>]*>[a-z0-9]{20,}<\/(?:code|small|span)>/g, '<request>')
  return { status, type, location: same(location), text: same(text) }
}

/** Runs the work over the items, so many at a time. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>
) {
  const queue = [...items]
  const runner = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: width }, runner))
}
