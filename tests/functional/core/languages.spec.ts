import { test } from '@japa/runner'
import { makeMember, makeTenant } from '#tests/helpers'

const WORDS = {
  en: { own: 'Skip to content', foreign: '跳到正文' },
  zh: { own: '跳到正文', foreign: 'Skip to content' },
} as const

test.group('Languages', () => {
  test('never mix between two people who ask at the same time', async ({ client, assert }) => {
    const tenant = await makeTenant()
    const people = {
      en: (await makeMember(tenant, 'operator', { locale: 'en' })).user,
      zh: (await makeMember(tenant, 'operator', { locale: 'zh' })).user,
    }
    for (let round = 0; round < 10; round++) {
      const asked = Array.from({ length: 20 }, (_, index): 'en' | 'zh' => (index % 2 ? 'en' : 'zh'))
      const pages = await Promise.all(
        asked.map((locale) => client.get('/calculator').loginAs(people[locale]))
      )
      for (const [index, page] of pages.entries()) {
        const { own, foreign } = WORDS[asked[index]!]
        assert.include(page.text(), `<html lang="${asked[index]}"`)
        assert.include(page.text(), own)
        assert.notInclude(page.text(), foreign)
      }
    }
  })

  test('follow the browser for a guest, and English for a language we do not speak', async ({
    client,
    assert,
  }) => {
    const zh = await client.get('/').header('accept-language', 'zh-CN,zh;q=0.9,en;q=0.8')
    assert.include(zh.text(), '<html lang="zh"')
    const fr = await client.get('/').header('accept-language', 'fr-FR')
    assert.include(fr.text(), '<html lang="en"')
  })

  test('change on wish and come back to the same page', async ({ client, assert }) => {
    const { user } = await makeMember(await makeTenant(), 'operator', { locale: 'en' })
    const own = `http://127.0.0.1:${process.env.PORT}/market?range=1y`
    const switched = await client
      .get('/language/zh')
      .loginAs(user)
      .header('referer', own)
      .redirects(0)
    assert.equal(switched.header('location'), '/market?range=1y')
    await user.refresh()
    assert.equal(user.locale, 'zh')
    const away = await client
      .get('/language/en')
      .header('referer', 'https://evil.example/x')
      .redirects(0)
    assert.equal(away.header('location'), '/')
  })
})
