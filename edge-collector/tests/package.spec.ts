import { execFile } from 'node:child_process'
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { test } from '@japa/runner'

const PACKAGE = resolve(import.meta.dirname, '..')
const run = promisify(execFile)

/** The package as the portal ships it: types stripped, nothing else. */
function shipped(): string {
  const folder = mkdtempSync(join(tmpdir(), 'edge-package-'))
  cpSync(join(PACKAGE, 'package.json'), join(folder, 'package.json'))
  for (const name of globSync('{bin,src,protocol}/**/*.ts', { cwd: PACKAGE })) {
    const place = join(folder, name.replace(/\.ts$/, '.js'))
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, stripTypeScriptTypes(readFileSync(join(PACKAGE, name), 'utf8')))
  }
  return folder
}

test.group('Edge package', () => {
  test('runs without types and without a single other package', async ({ assert }) => {
    const folder = shipped()
    const bin = join(folder, 'bin/hashinsight-edge.js')
    const { stdout, stderr } = await run(process.execPath, [bin, '--help'])
    assert.include(stdout, 'enroll')
    assert.equal(stderr, '')
    const unit = await run(process.execPath, [bin, 'unit', '--state', join(folder, 'none')])
    assert.include(unit.stdout, bin)

    const modules = globSync('{src,protocol}/**/*.js', { cwd: folder })
    const code = modules.map((name) => `await import(${JSON.stringify(`./${name}`)})`).join('\n')
    writeFileSync(join(folder, 'all.js'), code)
    const all = await run(process.execPath, [join(folder, 'all.js')])
    assert.equal(all.stderr, '')
    rmSync(folder, { recursive: true })
  }).timeout(30_000)
})
