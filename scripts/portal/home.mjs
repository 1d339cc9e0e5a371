/**
 * The data folder (PORTAL_HOME, default .data). As root the real folder of the default is
 * /var/lib/hashinsight/<hash>/ with a link from .data, because the database's own user must be
 * able to enter it and may not be able to enter the checkout. It is 0710 root:<database's group>:
 * closed to all others, and that user can pass through but cannot replace the key file in it.
 */
import { createHash, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { diskFull, Plain } from './errors.mjs'
import { sleep, withMutex } from './locks.mjs'
import { CODE_VERSION, ROOT } from './paths.mjs'
import { canEnter, databaseUser, IS_ROOT } from './system_user.mjs'

const FORMAT = 1
const MARKER = 'hashinsight.json'
const FAR = '/var/lib/hashinsight'
const NEEDED_BYTES = 100 * 1024 * 1024

export const homePath = () => path.resolve(process.env.PORTAL_HOME || path.join(ROOT, '.data'))

/** Opens (or makes) the data folder; returns its real path. */
export async function openHome() {
  const given = homePath()
  makeFolder(given)
  const home = fs.realpathSync(given)
  if (!fs.statSync(home).isDirectory()) throw new Plain(`PORTAL_HOME ${given} is not a folder.`)
  await checkMarker(home, given)
  secure(home)
  const disk = fs.statfsSync(home)
  if (disk.bavail * disk.bsize < NEEDED_BYTES) throw diskFull(home)
  return home
}

function makeFolder(given) {
  const existing = fs.lstatSync(given, { throwIfNoEntry: false })
  restoreTarget(given, existing)
  if (isUnused(given, existing) && livesFar(given)) return linkAway(given, existing)
  if (!existing) fs.mkdirSync(given, { recursive: true, mode: 0o700 })
  assertReachable(given)
}

/** A link whose folder is gone gets it back. */
function restoreTarget(given, existing) {
  if (!existing?.isSymbolicLink() || fs.existsSync(given)) return
  fs.mkdirSync(fs.readlinkSync(given), { recursive: true, mode: 0o700 })
}

const isUnused = (given, existing) =>
  !existing || (existing.isDirectory() && fs.readdirSync(given).length === 0)

function assertReachable(given) {
  if (!IS_ROOT || canEnter(path.dirname(fs.realpathSync(given)), databaseUser())) return
  throw new Plain(
    `The database's user cannot enter ${given}: choose a PORTAL_HOME outside of private folders.`
  )
}

function livesFar(given) {
  if (!IS_ROOT) return false
  const isDefault = given === path.join(ROOT, '.data')
  return isDefault || !canEnter(path.dirname(given), databaseUser())
}

/** A removed link means "start afresh": an earlier folder is never taken up again nor deleted. */
function linkAway(given, existing) {
  fs.mkdirSync(FAR, { recursive: true, mode: 0o711 })
  const name = createHash('sha256').update(given).update(randomBytes(8)).digest('hex').slice(0, 12)
  const real = path.join(FAR, name)
  fs.mkdirSync(real, { mode: 0o700 })
  fs.mkdirSync(path.dirname(given), { recursive: true })
  try {
    if (existing) fs.rmdirSync(given)
    fs.symlinkSync(real, given)
  } catch (error) {
    fs.rmdirSync(real)
    // Two first starts at once: the other one made it.
    if (error.code !== 'EEXIST') throw error
  }
}

async function checkMarker(home, given) {
  let marker = null
  for (let attempt = 0; attempt < 10 && !marker; attempt++) {
    marker = readMarker(home)
    if (!marker && isEmpty(home)) marker = writeMarker(home, given)
    if (!marker) await sleep(50)
  }
  if (!marker) {
    throw new Plain(
      `PORTAL_HOME ${given} exists and was not made by HashInsight: choose an empty folder.`
    )
  }
  if (marker.format > FORMAT || isNewer(marker.version, CODE_VERSION)) {
    throw new Plain(
      `The data in ${given} was written by HashInsight ${marker.version}, which is newer than ` +
        `this ${CODE_VERSION}: a downgrade is not possible, use the newer code or a backup.`
    )
  }
  checkCopy(marker, home, given)
}

/** A copied checkout brings a copied link: two programs would then migrate the same data. */
function checkCopy(marker, home, given) {
  if (marker.link === given || home === given) return
  const original = fs.existsSync(marker.link) && fs.realpathSync(marker.link) === home
  if (original) {
    throw new Plain(
      `${given} is a copied link to the data of ${marker.link}: remove it to start with new data.`
    )
  }
  write(home, { ...marker, link: given })
}

const readMarker = (home) => {
  try {
    return JSON.parse(fs.readFileSync(path.join(home, MARKER), 'utf8'))
  } catch {
    return null
  }
}
const isEmpty = (home) => fs.readdirSync(home).every((name) => name === 'lost+found')
const write = (home, marker) =>
  fs.writeFileSync(path.join(home, MARKER), JSON.stringify(marker, null, 2) + '\n', { mode: 0o600 })

function writeMarker(home, link) {
  const marker = { format: FORMAT, version: CODE_VERSION, link }
  write(home, marker)
  return marker
}

/** After the data was brought up to this code. */
export function recordVersion(home) {
  const marker = readMarker(home)
  if (marker && marker.version !== CODE_VERSION) write(home, { ...marker, version: CODE_VERSION })
}

export function isNewer(left, right) {
  const parts = (version) => String(version).split(/[.-]/).slice(0, 3).map(Number)
  const [a, b] = [parts(left), parts(right)]
  const at = a.findIndex((number, i) => number !== b[i])
  return at >= 0 && a[at] > b[at]
}

function secure(home) {
  const stat = fs.statSync(home)
  if (IS_ROOT) {
    const { gid } = databaseUser()
    if (stat.uid !== 0 || stat.gid !== gid) fs.chownSync(home, 0, gid)
    if ((stat.mode & 0o777) !== 0o710) fs.chmodSync(home, 0o710)
  } else if (stat.uid !== process.getuid?.() && process.getuid) {
    throw new Plain(`PORTAL_HOME ${home} belongs to another user: run as that user.`)
  } else if (stat.mode & 0o077) {
    fs.chmodSync(home, 0o700)
  }
}

/** The key that signs and encrypts; the one before it is only read, to open older values. */
export async function applicationKeys(home) {
  const file = path.join(home, 'app.key')
  if (!process.env.APP_KEY && !fs.existsSync(file)) {
    await withMutex(path.join(home, 'setup.lock'), () => {
      if (fs.existsSync(file)) return
      fs.writeFileSync(`${file}.new`, randomBytes(32).toString('base64url'), { mode: 0o600 })
      fs.renameSync(`${file}.new`, file)
    })
  }
  const previous = `${file}.previous`
  return {
    current: process.env.APP_KEY || fs.readFileSync(file, 'utf8').trim(),
    previous: fs.existsSync(previous) ? fs.readFileSync(previous, 'utf8').trim() : undefined,
  }
}
