import ace from '@adonisjs/core/services/ace'
import { test } from '@japa/runner'
import { makeMember, makeTenant, unique } from '#tests/helpers'
import { bearer, inTenant } from '#tests/functional/api/helpers'

/** Runs a console command and gives what it wrote to stdout. */
async function run(name: string, args: string[]) {
  const written: string[] = []
  const write = process.stdout.write
  const complain = process.stderr.write
  process.stdout.write = ((text: string) => written.push(text) > 0) as typeof write
  process.stderr.write = (() => true) as typeof complain
  try {
    const command = await ace.exec(name, args)
    return { exitCode: command.exitCode, json: () => JSON.parse(written.join('')), written }
  } finally {
    process.stdout.write = write
    process.stderr.write = complain
  }
}

test.group('Commands of API tokens', () => {
  const setUp = async () => {
    const tenant = await makeTenant()
    const email = `${unique('owner')}@example.com`
    await makeMember(tenant, 'operator', { email })
    const at = ['--tenant', tenant.slug, '--json']
    const wish = ['--email', email, '--name', 'Export', '--scope', 'core.site.view', ...at]
    return { tenant, at, wish }
  }

  test('make a token that works, list it without its secret and revoke it', async ({
    client,
    assert,
  }) => {
    const { at, wish } = await setUp()
    const made = (await run('tokens:create', wish)).json()
    const ask = () => client.get('/api/v1/me').header('Authorization', bearer(made.token))
    assert.equal((await ask()).status(), 200)
    const listed = await run('tokens:list', at)
    assert.deepEqual(
      listed.json().map(({ id }: { id: string }) => id),
      [made.id]
    )
    assert.notInclude(listed.written.join(''), made.token)
    assert.isTrue((await run('tokens:revoke', [made.id, '--dry-run', ...at])).json().dryRun)
    assert.equal((await ask()).status(), 200)
    await run('tokens:revoke', [made.id, ...at])
    assert.equal((await ask()).status(), 401)
  })

  test('make nothing on a dry run, for a stranger, for a scope not held or too many days', async ({
    assert,
  }) => {
    const { tenant, wish, at } = await setUp()
    assert.isTrue((await run('tokens:create', [...wish, '--dry-run'])).json().dryRun)
    const stranger = ['--email', 'nobody@example.com', '--name', 'x', '--scope', 'core.*', ...at]
    for (const args of [
      [...wish, '--scope', 'core.user.edit'],
      [...wish, '--days', '91'],
      stranger,
    ]) {
      const refused = await run('tokens:create', args)
      assert.equal(refused.exitCode, 1, args.join(' '))
      assert.deepEqual(refused.written, [])
    }
    const rows = await inTenant(tenant, (trx) => trx.from('api_tokens'))
    assert.lengthOf(rows, 0)
  })
})
