import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from '@japa/runner'
import { driverFiles, registered } from '../../commands/make_driver.js'

const ROOT = join(import.meta.dirname, '../..')
const REGISTRY = 'edge-collector/src/drivers/registry.ts'

/** A copy of the collector inside the project, so that its tests find their runner. */
async function copyWithDriver(name: string) {
  mkdirSync(join(ROOT, 'tmp'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, 'tmp/make-driver-'))
  for (const part of ['src', 'protocol', 'package.json']) {
    cpSync(join(ROOT, 'edge-collector', part), join(folder, 'edge-collector', part), {
      recursive: true,
    })
  }
  for (const { path, text: content } of await driverFiles(name)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  const list = join(folder, REGISTRY)
  writeFileSync(list, registered(readFileSync(list, 'utf8'), name))
  return folder
}

/** Runs the test that was generated, as the project does. */
async function runSpec(folder: string, name: string) {
  const runner = `
    import { assert } from '@japa/assert'
    import { configure, processCLIArgs, run } from '@japa/runner'
    processCLIArgs([])
    configure({ files: ['edge-collector/tests/driver_${name}.spec.ts'], plugins: [assert()] })
    run()`
  writeFileSync(join(folder, 'run.mjs'), runner)
  const child = spawn(process.execPath, ['--import=@poppinss/ts-exec', 'run.mjs'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await once(child, 'close')
  return { code, out: (await said).join('') }
}

function replace(file: string, what: string, by: string) {
  const before = readFileSync(file, 'utf8')
  if (!before.includes(what)) throw new Error(`${file} has no ${what}`)
  writeFileSync(file, before.replace(what, by))
}

const RECORDING = `[
  {
    of: 'a machine of this test',
    answers: {
      version: '{"VERSION":[{"ACME":"1.2","API":"3.7"}]}',
      summary: '{"SUMMARY":[{"MHS 5s":100000000}]}',
      pools: '{"POOLS":[]}',
    },
    expected: { api_version: '3.7', hashrate_ths: 100 },
  },
]`

test.group('make:driver', () => {
  test('makes a driver that claims nothing and whose test fails, until it was filled from a recording', async ({
    assert,
    cleanup,
  }) => {
    const folder = await copyWithDriver('acme_os')
    cleanup(() => rmSync(folder, { recursive: true, force: true }))
    const empty = await runSpec(folder, 'acme_os')
    assert.notEqual(empty.code, 0)
    assert.include(empty.out, 'RECORDINGS in edge-collector/tests/driver_acme_os.spec.ts is empty')

    const spec = join(folder, 'edge-collector/tests/driver_acme_os.spec.ts')
    replace(spec, 'RECORDINGS: Recording[] = []', `RECORDINGS: Recording[] = ${RECORDING}`)
    const unmarked = await runSpec(folder, 'acme_os')
    assert.notEqual(unmarked.code, 0)
    assert.include(unmarked.out, 'MARKS name nothing')

    const driver = join(folder, 'edge-collector/src/drivers/acme_os')
    replace(join(driver, 'index.ts'), 'readonly string[] = []', `readonly string[] = ['ACME']`)
    const unread = await runSpec(folder, 'acme_os')
    assert.notEqual(unread.code, 0)
    assert.include(unread.out, 'hashrate_ths')

    replace(
      join(driver, 'read.ts'),
      '    pools:',
      `    hashrate_ths: mhsToThs(rowOf(await session.rpc('summary'), 'SUMMARY')?.['MHS 5s']),\n    pools:`
    )
    replace(
      join(driver, 'read.ts'),
      'import { rowOf',
      `import { mhsToThs } from '../../values/units.js'\nimport { rowOf`
    )
    const filled = await runSpec(folder, 'acme_os')
    assert.equal(filled.code, 0, filled.out)
  }).timeout(60_000)

  test('lists it before the family of last resort, once', ({ assert }) => {
    const before = readFileSync(join(ROOT, REGISTRY), 'utf8')
    const after = registered(before, 'acme_os')
    assert.include(after, `import { acmeOs } from './acme_os/index.js'\n`)
    assert.include(after, '  acmeOs,\n  cgminer,\n]')
    assert.throws(() => registered('const x = 1', 'acme_os'), /by hand/)
  })
})
