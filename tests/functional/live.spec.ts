import { once } from 'node:events'
import { type ClientRequest, type IncomingMessage, request } from 'node:http'
import db from '@adonisjs/lucid/services/db'
import { test } from '@japa/runner'
import { tellLive } from '#core/live'
import type User from '#models/user'
import { beat } from '#services/live_streams'
import { endSessions } from '#services/session_store'
import {
  asSystem,
  makeMember,
  makeSite,
  makeTenant,
  makeUser,
  type TestTenant,
} from '#tests/helpers'
import { sessionCookie } from '#tests/session_client'

const TOPIC = 'core.site.view'
const WAIT_MS = 5000

/** A page that listens: what it heard, in order. */
class Listener {
  readonly heard: string[] = []
  #sent: ClientRequest
  #news = Promise.withResolvers<void>()
  isOver = false

  private constructor(
    sent: ClientRequest,
    readonly answer: IncomingMessage
  ) {
    this.#sent = sent
    answer.setEncoding('utf8')
    answer.on('data', (text: string) => {
      for (const [, event] of text.matchAll(/^event: (.+)$/gm)) this.heard.push(event!)
      this.#ring()
    })
    const over = () => {
      this.isOver = true
      this.#ring()
    }
    answer.on('end', over).on('close', over).on('error', over)
  }

  static async open(user: User | null, of = TOPIC): Promise<Listener> {
    const headers: Record<string, string> = { accept: 'text/event-stream' }
    if (user) {
      const { name, value } = await sessionCookie(user)
      headers.cookie = `${name}=${value}`
    }
    const sent = request({
      host: '127.0.0.1',
      port: process.env.PORT,
      path: `/live?of=${of}`,
      headers,
    })
    sent.on('error', () => {})
    sent.end()
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    return new Listener(sent, answer)
  }

  #ring() {
    this.#news.resolve()
    this.#news = Promise.withResolvers()
  }

  /** Until this is so; fails after a while. */
  async until(isSo: (it: Listener) => boolean) {
    const limit = AbortSignal.timeout(WAIT_MS)
    const late = once(limit, 'abort').then(() => {
      throw new Error(`heard only ${JSON.stringify(this.heard)}`)
    })
    late.catch(() => {})
    while (!isSo(this)) await Promise.race([this.#news.promise, late])
  }

  close() {
    this.#sent.destroy()
  }
}

const times = ({ heard }: Listener, event = TOPIC) => heard.filter((one) => one === event).length
const tell = (tenant: TestTenant, siteId?: string) =>
  asSystem(tenant, async () => tellLive(TOPIC, siteId ?? null))

test.group('Live news', (group) => {
  const open: Listener[] = []
  const listen = async (...given: Parameters<typeof Listener.open>) => {
    const listener = await Listener.open(...given)
    open.push(listener)
    return listener
  }
  /** Opened, and the database connection behind it listens. */
  const ready = async (...given: Parameters<typeof Listener.open>) => {
    const listener = await listen(...given)
    await listener.until(({ heard }) => heard.includes('ready'))
    return listener
  }
  // The first page makes the connection to the database; what is told before it hears is lost.
  group.setup(async () => {
    const tenant = await makeTenant()
    const listener = await ready((await makeMember(tenant, 'operator')).user)
    const telling = setInterval(() => void tell(tenant), 200)
    await listener.until((it) => times(it) > 0).finally(() => clearInterval(telling))
  })
  group.each.teardown(() => {
    for (const listener of open.splice(0)) listener.close()
  })

  test('reach who may see it, in their own company, after the commit', async ({ assert }) => {
    const [tenant, other] = [await makeTenant(), await makeTenant()]
    const here = await ready((await makeMember(tenant, 'operator')).user)
    const there = await ready((await makeMember(other, 'operator')).user)
    assert.equal(here.answer.headers['content-type'], 'text/event-stream; charset=utf-8')
    assert.match(here.answer.headers['cache-control']!, /no-store.*no-transform/)
    await tell(other)
    await tell(tenant)
    await here.until((it) => times(it) === 1)
    await there.until((it) => times(it) === 1)
    await assert.rejects(() =>
      asSystem(tenant, async () => {
        tellLive(TOPIC)
        throw new Error('it rolls back')
      })
    )
    await tell(tenant)
    await here.until((it) => times(it) >= 2)
    assert.equal(times(here), 2)
    assert.equal(times(there), 1)
  })

  test('of another site do not reach who sees one site only', async ({ assert }) => {
    const tenant = await makeTenant()
    const [mine, others] = await asSystem(tenant, async () => [await makeSite(), await makeSite()])
    const listener = await ready((await makeMember(tenant, 'operator', { siteIds: [mine!] })).user)
    await tell(tenant, others)
    await tell(tenant, mine)
    await listener.until((it) => times(it) === 1)
    await tell(tenant, mine)
    await listener.until((it) => times(it) === 2)
    assert.equal(times(listener), 2)
  })

  test('are many within a moment and told once', async ({ assert }) => {
    const tenant = await makeTenant()
    const listener = await ready((await makeMember(tenant, 'operator')).user)
    for (let time = 0; time < 20; time++) await tell(tenant)
    await listener.until((it) => times(it) >= 1)
    assert.isBelow(times(listener), 5)
  })

  test('are heard again after the connection to the database broke', async ({ assert }) => {
    const tenant = await makeTenant()
    const listener = await ready((await makeMember(tenant, 'operator')).user)
    await tell(tenant)
    await listener.until((it) => times(it) === 1)
    const gaps = times(listener, 'gap')
    await db.connection('app').rawQuery(
      `select pg_terminate_backend(pid) from pg_stat_activity
         where usename = current_user and query = 'listen hi_live'`
    )
    // Once that it broke, once that it hears again: in both cases the page asks for everything.
    await listener.until((it) => times(it, 'gap') === gaps + 2)
    await tell(tenant)
    await listener.until((it) => times(it) === 2)
    assert.isFalse(listener.isOver)
  })

  test('are for nobody who is not signed in or may not see it', async ({ assert }) => {
    const nobody = await listen(null)
    assert.notEqual(nobody.answer.statusCode, 200)
    const client = await listen(
      (await makeMember(await makeTenant(), 'client')).user,
      'core.audit.view'
    )
    assert.equal(client.answer.statusCode, 403)
    const homeless = await listen(await makeUser())
    assert.equal(homeless.answer.statusCode, 403)
  })

  test('end with the session', async ({ assert }) => {
    const user = (await makeMember(await makeTenant(), 'operator')).user
    const listener = await ready(user)
    await beat()
    assert.isFalse(listener.isOver)
    await endSessions(user.id)
    await beat()
    await listener.until((it) => it.isOver)
    assert.isTrue(listener.isOver)
  })

  test('go on by another stream after five minutes, without a moment between', async ({
    assert,
  }) => {
    const user = (await makeMember(await makeTenant(), 'operator')).user
    const listener = await ready(user)
    await beat(Date.now() + 299_000)
    assert.equal(times(listener, 'renew'), 0)
    await beat(Date.now() + 301_000)
    await listener.until((it) => times(it, 'renew') === 1)
    assert.isFalse(listener.isOver)
    await beat(Date.now() + 341_000)
    await listener.until((it) => it.isOver)
    assert.isTrue(listener.isOver)
  })

  test('go to eight pages of a person; the oldest gives way to a new one', async ({ assert }) => {
    const user = (await makeMember(await makeTenant(), 'operator')).user
    const pages = []
    for (let page = 0; page < 9; page++) pages.push(await ready(user))
    await pages[0]!.until((it) => it.isOver)
    assert.deepEqual(
      pages.map(({ isOver }) => isOver),
      [true, ...Array.from({ length: 8 }, () => false)]
    )
  })
})
