/** PostgreSQL refuses to run as root. As root it runs as another user, who must reach its files. */
import fs from 'node:fs'
import path from 'node:path'
import { Plain } from './errors.mjs'

export const IS_ROOT = process.getuid?.() === 0

/** { uid, gid } for the database's processes; empty when we are not root. */
export function databaseUser() {
  if (!IS_ROOT) return {}
  const lines = fs.readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const fields = lines.find((line) => line.startsWith(`${name}:`))?.split(':')
    if (fields) return { uid: Number(fields[2]), gid: Number(fields[3]) }
  }
  throw new Plain('As root the database runs as the user "postgres" or "nobody": create one.')
}

/** May this user enter the folder and everything above it? */
export function canEnter(folder, { uid, gid }) {
  for (let at = path.resolve(folder); ; at = path.dirname(at)) {
    if (fs.existsSync(at)) {
      const stat = fs.statSync(at)
      const bit = stat.uid === uid ? 0o100 : stat.gid === gid ? 0o010 : 0o001
      if (!(stat.mode & bit)) return false
    }
    if (at === path.dirname(at)) return true
  }
}

export function giveTo(user, file) {
  if (user.uid !== undefined) fs.chownSync(file, user.uid, user.gid)
}
