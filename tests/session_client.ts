import { randomUUID } from 'node:crypto'
import app from '@adonisjs/core/services/app'
import { CookieClient } from '@adonisjs/core/http'
import { ApiClient, ApiRequest } from '@japa/api-client'
import type { PluginFn } from '@japa/runner/types'
import Tokens from 'csrf'
import sessionConfig from '#config/session'
import type User from '#models/user'
import { PortalSessionStore } from '#services/session_store'

type Data = Record<string, string | number | boolean | object>

const tokens = new Tokens()
const cookieName = async () => {
  const { configProvider } = await import('@adonisjs/core')
  const config = await configProvider.resolve<{ cookieName: string }>(app, sessionConfig)
  return config!.cookieName
}

/** A session in the product's own store, as if the person had signed in. */
export async function openSession(user: User | null, data: Data = {}) {
  const sessionId = randomUUID()
  const secret = tokens.secretSync()
  const identity: Data = user ? { auth_web: user.id } : {}
  await new PortalSessionStore(null).write(sessionId, {
    'csrf-secret': secret,
    ...identity,
    ...data,
  })
  return { sessionId, csrfToken: tokens.create(secret) }
}

/** The cookie of such a session, for a real browser. */
export async function sessionCookie(user: User, data: Data = {}) {
  const { sessionId } = await openSession(user, data)
  const name = await cookieName()
  const client = new CookieClient((await app.container.make('encryption')) as never)
  return { name, value: client.sign(name, sessionId)! }
}

interface Wish {
  user: User | null
  data: Data
  csrf: boolean
}

/** `loginAs`, `withSession` and `withCsrfToken` on the product's own session store. */
export const sessionClient = (): PluginFn => () => {
  const wishes = new WeakMap<ApiRequest, Wish>()
  const wishOf = (request: ApiRequest) => {
    const wish = wishes.get(request) ?? { user: null, data: {}, csrf: false }
    wishes.set(request, wish)
    return wish
  }
  ApiRequest.macro('loginAs', function loginAs(this: ApiRequest, user: User) {
    wishOf(this).user = user
    return this
  })
  ApiRequest.macro('withSession', function withSession(this: ApiRequest, data: Data) {
    Object.assign(wishOf(this).data, data)
    return this
  })
  ApiRequest.macro('withCsrfToken', function withCsrfToken(this: ApiRequest) {
    wishOf(this).csrf = true
    return this
  })
  ApiClient.onRequest((request) => {
    request.setup(async () => {
      const wish = wishes.get(request)
      if (!wish) return
      const { sessionId, csrfToken } = await openSession(wish.user, wish.data)
      request.withCookie(await cookieName(), sessionId)
      if (wish.csrf) request.header('x-csrf-token', csrfToken)
    })
  })
}

declare module '@japa/api-client' {
  interface ApiRequest {
    loginAs(user: User): this
    withSession(data: Data): this
    withCsrfToken(): this
  }
}
