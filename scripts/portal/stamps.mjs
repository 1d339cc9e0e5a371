/** Fingerprints of what a step depends on: an unchanged step is skipped. */
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { expand } from './paths.mjs'

const PREPARE = [
  'package-lock.json',
  'database',
  'config/plugins.ts',
  'config/plugins.js',
  'config/database.ts',
  'config/database.js',
  'plugins/*/plugin.ts',
  'plugins/*/plugin.js',
  'plugins/*/migrations',
  'plugins/*/database',
  'plugins/*/seeders',
  'plugins/*/data',
]
const ASSETS = [
  'package-lock.json',
  'vite.config.ts',
  'config/plugins.ts',
  'resources',
  'plugins/*/assets',
  'plugins/*/resources',
]

const filesBelow = (root, item) => {
  const full = path.join(root, item)
  if (!fs.statSync(full).isDirectory()) return [item]
  return fs
    .readdirSync(full, { withFileTypes: true })
    .flatMap((entry) => {
      const next = `${item}/${entry.name}`
      return entry.isDirectory() ? filesBelow(root, next) : entry.isFile() ? [next] : []
    })
    .sort()
}

export function fingerprint(root, patterns, ...facts) {
  const hash = createHash('sha256').update(JSON.stringify(facts))
  for (const item of patterns.flatMap((pattern) => expand(root, pattern))) {
    for (const file of filesBelow(root, item)) {
      hash.update(`\0${file}\0`).update(fs.readFileSync(path.join(root, file)))
    }
  }
  return hash.digest('hex').slice(0, 32)
}

export const prepareStamp = (root, ...facts) => fingerprint(root, PREPARE, ...facts)
export const migrationsStamp = (root) =>
  fingerprint(root, ['database/migrations', 'plugins/*/migrations'])
export const assetsStamp = (root) => fingerprint(root, ASSETS)

/** What the generated types of routes depend on. */
export const routesStamp = (root) =>
  fingerprint(root, [
    'package-lock.json',
    'adonisrc.ts',
    'config/plugins.ts',
    'start',
    'plugins/*/routes.ts',
    'plugins/*/api_routes.ts',
  ])

/** PORTAL_HOME/stamps.json. */
export function stampsOf(home) {
  const file = path.join(home, 'stamps.json')
  const read = () => {
    try {
      return JSON.parse(fs.readFileSync(file, 'utf8'))
    } catch {
      return {}
    }
  }
  const write = (stamps) => {
    fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify(stamps, null, 2) + '\n')
    fs.renameSync(`${file}.${process.pid}`, file)
  }
  return {
    get: (name) => read()[name],
    set: (name, value) => write({ ...read(), [name]: value }),
    /** A new database cluster knows nothing of what was done to the one before it. */
    forget: (...names) => {
      const stamps = read()
      for (const name of names) delete stamps[name]
      write(stamps)
    },
  }
}
