import edge from 'edge.js'
import { test } from '@japa/runner'
import { asSystem, makeCustomer, makeMember, makeTenant } from '#tests/helpers'

const HOSTILE = 'a" hx-get="/x" hx-trigger="load" x="<b>&'

test.group('Attributes of views', () => {
  test('hold any text as a text', async ({ assert }) => {
    const render = (values: object) =>
      edge.renderRaw('<input {{ html.attrs(values) }}>', { values }) as Promise<string>
    const one = await render({ value: HOSTILE, title: '', disabled: true, maxlength: 5 })
    assert.equal(
      one,
      '<input value="a&quot; hx-get=&quot;/x&quot; hx-trigger=&quot;load&quot; x=&quot;&lt;b&gt;&amp;" disabled maxlength="5">'
    )
    assert.notInclude(await render({ class: ['a', HOSTILE] }), 'hx-get="')
    assert.notInclude(await render({ class: { [HOSTILE]: true, b: true } }), 'hx-get="')
    assert.notInclude(await render({ x: { on: { click: HOSTILE } } }), 'hx-get="')
  })

  test('of a form make no markup of what somebody stored', async ({ client, assert }) => {
    const tenant = await makeTenant()
    const { user } = await makeMember(tenant, 'mining_site_owner')
    const id = await asSystem(tenant, () => makeCustomer(HOSTILE))
    const pages = [`/customers/${id}/edit`, `/customers/${id}`, '/customers']
    let shown = 0
    for (const page of pages) {
      const response = await client.get(page).loginAs(user)
      if (response.status() === 404) continue
      shown += 1
      assert.notInclude(response.text(), 'hx-trigger="load"', page)
      assert.include(response.text(), 'a&quot; hx-get=&quot;/x&quot;', page)
    }
    assert.isAbove(shown, 1)
  })
})
