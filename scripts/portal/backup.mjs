/** A copy of the embedded database before its tables change: the way back from an upgrade. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { diskFull, Plain, saysDiskFull } from './errors.mjs'
import { isAlive, processStart, sleep } from './locks.mjs'
import { say } from './log.mjs'
import { migrationsStamp, stampsOf } from './stamps.mjs'

const KEPT = 3

/**
 * Copies the folder of the stopped cluster when the migrations differ from those it was last
 * prepared with. Refuses while another command uses the cluster.
 */
export async function backupBeforeMigrating(app, home) {
  const before = stampsOf(home).get('migrations')
  const data = path.join(home, 'pg')
  if (!before || before === migrationsStamp(app.root) || !fs.existsSync(data)) return
  await stopLeftOver(data, home)
  const folder = path.join(home, 'backups')
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  const name = `pg-${new Date().toISOString().replace(/[:.]/g, '-')}`
  copy(data, path.join(folder, name))
  say(`database copied to backups/${name} before its tables change`)
  for (const old of fs.readdirSync(folder).sort().slice(0, -KEPT)) {
    fs.rmSync(path.join(folder, old), { recursive: true, force: true })
  }
}

/** The process of a server that nobody stopped, after a crash of its supervisor for example. */
function serverOf(data) {
  const file = path.join(data, 'postmaster.pid')
  if (!fs.existsSync(file)) return null
  const pid = Number(fs.readFileSync(file, 'utf8').split('\n')[0])
  return processStart(pid) ? pid : null
}

const hasUsers = (home) => {
  const folder = path.join(home, 'pg.users')
  const files = fs.existsSync(folder) ? fs.readdirSync(folder) : []
  return files.some((file) => isAlive(JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'))))
}

async function stopLeftOver(data, home) {
  const pid = serverOf(data)
  if (!pid) return
  if (hasUsers(home)) {
    throw new Plain(
      'The tables will change and the database is in use: stop other HashInsight commands, then start again.'
    )
  }
  process.kill(pid, 'SIGINT')
  while (serverOf(data)) await sleep(50)
}

/** `cp -a` keeps the owner, which postgres insists on; Node's own copy does not. */
function copy(from, to) {
  const draft = `${to}.draft`
  if (process.platform === 'win32') fs.cpSync(from, draft, { recursive: true })
  else {
    const { status, stderr } = spawnSync('cp', ['-a', from, draft], { encoding: 'utf8' })
    if (status !== 0) {
      fs.rmSync(draft, { recursive: true, force: true })
      if (saysDiskFull(stderr ?? '')) throw diskFull(path.dirname(to))
      throw new Plain(`The database could not be copied before the upgrade: ${stderr?.trim()}`)
    }
  }
  fs.renameSync(draft, to)
}
