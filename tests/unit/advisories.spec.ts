import { existsSync, readFileSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import config from '@adonisjs/core/services/config'
import { test } from '@japa/runner'
import { sourceFiles } from '#tests/support/source_files'

interface Advisory {
  package: string
  floor: string
  id: string
  source: string
  what: string
  /** The registry does not serve the mended version; `workaround` says what holds until then. */
  unpublished?: boolean
  workaround?: string
}

interface Lock {
  packages: Record<string, { version: string }>
}

const readJson = <T>(path: string) => JSON.parse(readFileSync(app.makePath(path), 'utf8')) as T

const advisories = readJson<Advisory[]>('security/advisories.json')

/** Negative when a is older. Our floors are releases: a pre-release counts as older than its release. */
function compareVersions(a: string, b: string) {
  const parts = (version: string) => version.split('-')[0]!.split('.').map(Number)
  const [left, right] = [parts(a), parts(b)]
  for (const i of [0, 1, 2]) if (left[i] !== right[i]) return left[i]! - right[i]!
  return Number(!a.includes('-')) - Number(!b.includes('-'))
}

/** Every copy of the package that the lock file installs, however deep. */
function installedVersions(name: string) {
  const { packages } = readJson<Lock>('package-lock.json')
  return Object.entries(packages)
    .filter(([path]) => path === `node_modules/${name}` || path.endsWith(`/node_modules/${name}`))
    .map(([, { version }]) => version)
}

test.group('Known weaknesses', () => {
  test('are all named with an id, a source and a sentence', ({ assert }) => {
    assert.isAbove(advisories.length, 5)
    for (const { package: name, floor, id, source, what, unpublished, workaround } of advisories) {
      assert.match(floor, /^\d+\.\d+\.\d+$/, name)
      assert.match(id, /^(CVE-\d{4}-\d+|GHSA(-[0-9a-z]{4}){3})$/, name)
      assert.match(source, /^https:\/\//, name)
      assert.isAbove(what.length, 10, name)
      assert.equal(Boolean(workaround), Boolean(unpublished), `${name}: ${id}`)
    }
  })

  test('are mended in every installed copy: {package} {floor} ({id})')
    .with(advisories.filter(({ unpublished }) => !unpublished))
    .run(({ assert }, { package: name, floor }) => {
      const versions = installedVersions(name)
      assert.isNotEmpty(versions, `${name} is not installed: take it off the list`)
      for (const version of versions) {
        assert.isAtLeast(compareVersions(version, floor), 0, `${name} ${version}`)
      }
    })

  test('that are worked round still need it: {package} {floor}')
    .with(advisories.filter(({ unpublished }) => unpublished))
    .run(({ assert }, { package: name, floor }) => {
      const mended = installedVersions(name).filter((one) => compareVersions(one, floor) >= 0)
      assert.isEmpty(mended, `${name} is mended: remove "unpublished" and the workaround`)
    })

  test('in the multipart parser cannot be reached: it is off and nobody starts it', ({
    assert,
  }) => {
    const multipart = config.get<{ autoProcess: boolean; processManually: string[] }>(
      'bodyparser.multipart'
    )
    assert.isFalse(multipart.autoProcess)
    const code = sourceFiles(['app', 'plugins', 'start', 'providers'], /\.ts$/)
    const starters = code.filter(({ text }) =>
      /\.multipart\b|autoProcess|request\.(file|files|allFiles)\(|multiparty/.test(text)
    )
    assert.deepEqual(
      starters.map(({ path }) => path),
      []
    )
    assert.isTrue(existsSync(app.makePath('app/core/uploads.ts')))
  })

  test('are compared by number, not by text', ({ assert }) => {
    assert.isBelow(compareVersions('9.9.0', '9.10.0'), 0)
    assert.isBelow(compareVersions('9.3.0-next.1', '9.3.0'), 0)
    assert.equal(compareVersions('9.3.0', '9.3.0'), 0)
  })
})
