import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, relative, sep } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { pack } from 'tar-stream'

/** The collector as sites install it: the same bytes for the same code, whoever packs it. */
export interface CollectorPackage {
  tarball: Buffer
  /** Of the tarball, in hex: shown beside the line that installs it. */
  sha256: string
  bytes: number
  version: string
}

/** Beside the plugins, in the sources as in the build. */
const HOME = join(dirname(fileURLToPath(import.meta.url)), '../../../edge-collector')
const CODE = ['bin', 'src', 'protocol']
const TYPES = /\.d\.ts$/
const SOURCE = /\.(ts|js)$/

let packed: Promise<CollectorPackage> | undefined

/** Packs once for the life of the process. */
export const collectorPackage = () => (packed ??= packAll())

async function packAll(): Promise<CollectorPackage> {
  const tar = pack()
  const bytes = buffer(tar)
  for (const { name, text, mode } of await filesOf()) {
    tar.entry({ name: `package/${name}`, mode, mtime: new Date(0) }, text)
  }
  tar.finalize()
  const tarball = await promisify(gzip)(await bytes, { level: 9 })
  const { version } = JSON.parse(await readFile(join(HOME, 'package.json'), 'utf8'))
  const sha256 = createHash('sha256').update(tarball).digest('hex')
  return { tarball, sha256, bytes: tarball.length, version }
}

interface File {
  name: string
  text: string
  mode: number
}

async function filesOf(): Promise<File[]> {
  const names = await Promise.all(CODE.map((folder) => codeIn(join(HOME, folder))))
  const code = names.flat().filter((name) => SOURCE.test(name) && !TYPES.test(name))
  const plain = ['package.json', 'README.md'].map((name) => join(HOME, name))
  const files = await Promise.all([...plain, ...code].map(fileAt))
  return files.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function codeIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
}

/** Types are left out: where it runs, packages are plain JavaScript. */
async function fileAt(path: string): Promise<File> {
  const text = await readFile(path, 'utf8')
  const name = relative(HOME, path).split(sep).join('/')
  const mode = name.startsWith('bin/') ? 0o755 : 0o644
  const code = name.endsWith('.ts') ? stripTypeScriptTypes(text) : text
  // npm links it as a command: the system must know what runs it.
  const head = name.startsWith('bin/') ? '#!/usr/bin/env node\n' : ''
  return { name: name.replace(/\.ts$/, '.js'), text: head + code, mode }
}
