import { test } from '@japa/runner'
import { makeMember } from '#tests/helpers'
import { complaintsOf, pageFor } from '#tests/support/browser'
import { makeFleet, rowsIn } from '../support/fleet_rows.js'
import { countOn } from '../support/lists.js'

const EVIL = '<img src=x onerror="document.title=1">'

test.group('A list in the browser', () => {
  test('goes from a file to miners, without a complaint on any page')
    .with([
      { locale: 'en', width: 1440, height: 900 },
      { locale: 'zh', width: 390, height: 844 },
    ])
    .run(async ({ assert, browser, browserContext }, size) => {
      await browserContext.close()
      const fleet = await makeFleet(2)
      await countOn(fleet.tenant)
      const [known] = await rowsIn(fleet.tenant, 'fleet_miners', { no: 1 })
      const { user } = await makeMember(fleet.tenant, 'operator')
      const { context, page, heard } = await pageFor(browser, user, size)
      const look = async (what: string) => {
        assert.deepEqual([what, ...heard, ...(await complaintsOf(page))], [what])
        assert.notEqual(await page.title(), '1')
      }

      await page.goto('/fleet/import')
      await look('empty')
      const list = `mac,serial,rack,row,index,name,static_ip,pool_1_user,pool_1_pass\n02:11:11:11:11:01,SN-0001,A,1,1,"${EVIL.replaceAll('"', '""')}",10.7.0.1,${EVIL.replaceAll('"', "'")},x\n${known.mac},,B,1,1,renamed,,,\nnonsense,,,,,,,,\n`
      const file = { name: 'list.csv', mimeType: 'text/csv', buffer: Buffer.from(list) }
      await page.setInputFiles('input[type=file]', file)
      await page.click('form[enctype] button')
      await page.waitForSelector('#list-mapping')
      await look('mapping')
      assert.equal(await page.inputValue('#map-ip'), '6')

      await page.selectOption('#list-site', fleet.siteId)
      await page.click('#list-check')
      await page.waitForSelector('#list-apply')
      await look('check')
      assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_miners'), 2)
      await page.locator('#list-changed a').click()
      await page.getByText('renamed').first().waitFor()
      assert.equal(await page.locator('tbody tr').count(), 1)

      await page.click('#list-apply')
      await page.waitForSelector('#list-apply', { state: 'detached' })
      await look('applied')
      const miners = await rowsIn(fleet.tenant, 'fleet_miners')
      assert.sameMembers(
        miners.map((row) => row.name),
        [EVIL, 'renamed', null]
      )
      const added = miners.find((row) => row.name === EVIL)!
      await page.goto(`/fleet/miners/${added.id}`)
      await look('the new miner')
      await page.goto('/fleet/import')
      await page.getByText('list.csv').first().waitFor()
      await look('lists')
      await context.close()
    })
    .timeout(120_000)
})

test.group('All miners that match', () => {
  test('are offered once a whole page is ticked, and changed with their number shown', async ({
    assert,
    browser,
    browserContext,
  }) => {
    await browserContext.close()
    const fleet = await makeFleet(30)
    const { user } = await makeMember(fleet.tenant, 'operator')
    const size = { locale: 'en', width: 390, height: 844 }
    const { context, page } = await pageFor(browser, user, size)
    await page.goto('/fleet/miners')
    const offer = page.locator('[data-bulk-rest]')
    await page.locator('tbody .tick').first().check()
    assert.isFalse(await offer.isVisible())
    for (const tick of await page.locator('tbody .tick').all()) await tick.check()
    await offer.locator('input').check()
    assert.equal(await page.locator('[data-bulk-count]').textContent(), '30')
    assert.deepEqual(await complaintsOf(page), [])
    await page.locator('tbody .tick').first().uncheck()
    assert.equal(await page.locator('[data-bulk-count]').textContent(), '24')
    await page.locator('tbody .tick').first().check()
    assert.equal(await page.locator('[data-bulk-count]').textContent(), '25')
    await offer.locator('input').check()
    await page.locator('#fleet-bulk [value=maintenance]').click()
    await page.locator('#flash').getByText('30').first().waitFor()
    assert.lengthOf(await rowsIn(fleet.tenant, 'fleet_miners', { status: 'maintenance' }), 30)
    await context.close()
  }).timeout(60_000)
})
