import testUtils from '@adonisjs/core/services/test_utils'
import db from '@adonisjs/lucid/services/db'
import i18nManager from '@adonisjs/i18n/services/main'
import { test } from '@japa/runner'
import { current } from '#core/current'
import { guest } from '#services/identities'
import { landingFor } from '#services/landing'
import { installed } from '#services/registry'
import { makeMember, makeTenant } from '#tests/helpers'
import { ask } from '#tests/support/raw'

const cookieOf = (headers: Record<string, unknown>) =>
  [headers['set-cookie']]
    .flat()
    .map((text) => String(text).split(';')[0])
    .join('; ')

test.group('The first page for guests', (group) => {
  group.setup(async () => {
    await makeMember(await makeTenant(), 'operator')
  })

  test('speak the language of the address, then of the session, then of the browser', async ({
    assert,
  }) => {
    const zh = await ask('/?lang=zh', { 'accept-language': 'en' })
    assert.include(zh.text, '<html lang="zh"')
    assert.include(zh.text, '每个数字，都有出处。')
    assert.equal(zh.headers['content-language'], 'zh')
    const later = await ask('/', { 'accept-language': 'en', 'cookie': cookieOf(zh.headers) })
    assert.include(later.text, '<html lang="zh"')
    assert.include((await ask('/', { 'accept-language': 'zh-CN' })).text, '<html lang="zh"')
    assert.include((await ask('/?lang=fr&lang[]=zh')).text, '<html lang="en"')
  })

  test('let a later choice of language win over the one in the address', async ({ assert }) => {
    const referer = `${process.env.APP_URL}/?lang=en&usdPerKwh=0.07`
    const { headers } = await ask('/language/zh', { referer })
    assert.equal(headers.location, '/?usdPerKwh=0.07')
  })

  test('tell search engines its address in each language', async ({ assert }) => {
    const { text } = await ask('/?lang=zh')
    const origin = process.env.APP_URL
    assert.include(text, `<link rel="canonical" href="${origin}/?lang=zh">`)
    for (const code of ['en', 'zh']) {
      assert.include(
        text,
        `<link rel="alternate" hreflang="${code}" href="${origin}/?lang=${code}">`
      )
    }
    assert.match(text, /<meta name="description" content="[^"]{40,}">/)
  })

  test('hold no token, no style attribute and no script without a nonce', async ({ assert }) => {
    const { text } = await ask('/')
    assert.notInclude(text, 'csrf')
    assert.notMatch(text, /<[^>]+\sstyle=/)
    assert.notMatch(text, /<[^>]+\son[a-z]+=/)
    const scripts = [...text.matchAll(/<script\b([^>]*)>/g)].map(([, attributes]) => attributes!)
    const bare = scripts.filter((one) => !/nonce="|type="application\/json"/.test(one))
    assert.deepEqual(bare, [])
  })

  test('lead on: to the sign-in, to each language, to what needs no account', async ({
    client,
    assert,
  }) => {
    const { text } = await ask('/')
    const links = new Set([...text.matchAll(/<a\b[^>]*href="(\/[^"#]*)"/g)].map(([, url]) => url!))
    assert.includeMembers([...links], ['/sign-in', '/?lang=zh', '/market', '/calculator'])
    for (const url of links) (await client.get(url.replaceAll('&amp;', '&'))).assertStatus(200)
    const anchors = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id!)
    assert.isAbove(anchors.length, 2)
    for (const id of anchors) assert.include(text, `id="${id}"`)
  })

  test('name the demo where there is one, and only there', async ({ assert }) => {
    assert.notInclude((await ask('/?lang=en')).text, 'demo company')
    const tenant = await makeTenant()
    const login = db.connection('login')
    await login.from('tenants').where('id', tenant.id).update({ is_demo: true })
    assert.include((await ask('/?lang=en')).text, 'demo company')
    await login.from('tenants').where('id', tenant.id).delete()
  })

  test('leave no hole where a plugin is absent', async ({ assert }) => {
    const render = async (plugins: typeof installed) => {
      const ctx = await testUtils.createHttpContext()
      ctx.i18n = i18nManager.locale('en')
      return current.run(guest(), async () => {
        const landing = await landingFor(ctx, plugins)
        const { i18n } = ctx
        const shell = { locale: 'en', locales: [], flash: [] }
        ctx.view.share({ shell, i18n, t: i18n.t.bind(i18n), cspNonce: 'x' })
        return { landing, html: await ctx.view.render('pages/welcome', { landing }) }
      })
    }
    const full = await render(installed)
    assert.include(full.html, 'id="calculator"')
    assert.include(full.html, 'href="#calculator"')
    const names = installed.filter(({ name }) => name !== 'calculator')
    const without = await render(names)
    assert.notInclude(without.html, 'calculator')
    assert.include(without.html, 'market-now')
    const alone = await render([installed[0]!])
    assert.notMatch(alone.html, /market-now|href="\/market/)
    assert.include(alone.html, 'hero-alone')
    assert.include(alone.html, 'class="btn btn-primary btn-big" href="#run"')
    assert.lengthOf(alone.landing.cards, 6)
    assert.equal(alone.landing.caseKinds, 0)
    assert.notInclude(alone.html, 'verify:cases')
  })
})
