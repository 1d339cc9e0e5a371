/** Where things are. `root` is the checkout, or the folder a production build was unpacked to. */
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const SCRIPTS = path.dirname(fileURLToPath(import.meta.url))
export const ROOT = path.resolve(SCRIPTS, '..', '..')
export const MODULES = path.join(ROOT, 'node_modules')
export const CODE_VERSION = readVersion()

function readVersion() {
  try {
    return JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')).version ?? '0.0.0'
  } catch {
    return '0.0.0'
  }
}

/** Files git ignores that belong to the checkout, not to an installation's data. */
export function checkoutTemp(name) {
  const folder = path.join(ROOT, 'tmp')
  fs.mkdirSync(folder, { recursive: true })
  return path.join(folder, name)
}

/** How to run the parts of the application: from TypeScript sources or from a finished build. */
export function application(root = ROOT) {
  const built = !fs.existsSync(path.join(root, 'bin/server.ts'))
  const loader = built ? [] : ['--import=@poppinss/ts-exec']
  return {
    root,
    built,
    has: (name) => fs.existsSync(path.join(root, `bin/${name}.${built ? 'js' : 'ts'}`)),
    entry: (name) => [...loader, '--enable-source-maps', `bin/${name}.${built ? 'js' : 'ts'}`],
    script: (file) => [...loader, '--enable-source-maps', file],
    ace: (...args) => ['ace.js', ...args],
  }
}

/** "plugins/<any>/data" gives the folders that exist; a path without a star is returned when it exists. */
export function expand(root, pattern) {
  const [before, after] = pattern.split('/*/')
  if (after === undefined) return fs.existsSync(path.join(root, pattern)) ? [pattern] : []
  const folder = path.join(root, before)
  if (!fs.existsSync(folder)) return []
  const found = fs.readdirSync(folder).map((name) => `${before}/${name}/${after}`)
  return found.filter((item) => fs.existsSync(path.join(root, item))).sort()
}
