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
const MANIFEST = 'package.json'
const TYPES = /\.d\.ts$/
const SOURCE = /\.(ts|js)$/

let packed: Promise<CollectorPackage> | undefined

/** Packs once for the life of the process. */
export const collectorPackage = () => (packed ??= collectorFiles().then(packFiles))

/**
 * Packs these files. The version is that of the package and the hash of what is in it, so that
 * other code never goes by the same name.
 */
export async function packFiles(files: readonly PackageFile[]): Promise<CollectorPackage> {
  const manifest = files.find(({ name }) => name === MANIFEST)!
  const said = JSON.parse(manifest.text) as { version: string }
  const version = `${said.version}+${contentHash(files)}`
  const text = `${JSON.stringify({ ...said, version }, null, 2)}\n`
  const tar = pack()
  const bytes = buffer(tar)
  for (const file of files) {
    const { name, mode } = file
    const entry = { name: `package/${name}`, mode, mtime: new Date(0) }
    tar.entry(entry, file === manifest ? text : file.text)
  }
  tar.finalize()
  const tarball = await promisify(gzip)(await bytes, { level: 9 })
  const sha256 = createHash('sha256').update(tarball).digest('hex')
  return { tarball, sha256, bytes: tarball.length, version }
}

const contentHash = (files: readonly PackageFile[]) => {
  const hash = createHash('sha256')
  for (const { name, text } of files) hash.update(JSON.stringify([name, text]))
  return hash.digest('hex').slice(0, 12)
}

/** A file of the package, by its name below the package's folder. */
export interface PackageFile {
  name: string
  text: string
  mode: number
}

/** What is packed, by name. */
export async function collectorFiles(): Promise<PackageFile[]> {
  const names = await Promise.all(CODE.map((folder) => codeIn(join(HOME, folder))))
  const code = names.flat().filter((name) => SOURCE.test(name) && !TYPES.test(name))
  const plain = [MANIFEST, 'README.md'].map((name) => join(HOME, name))
  const files = await Promise.all([...plain, ...code].map(fileAt))
  return files.sort((a, b) => (a.name < b.name ? -1 : 1))
}

async function codeIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
}

/** Types are left out: where it runs, packages are plain JavaScript. */
async function fileAt(path: string): Promise<PackageFile> {
  const text = await readFile(path, 'utf8')
  const name = relative(HOME, path).split(sep).join('/')
  const mode = name.startsWith('bin/') ? 0o755 : 0o644
  const code = name.endsWith('.ts') ? stripTypeScriptTypes(text) : text
  // npm links it as a command: the system must know what runs it.
  const head = name.startsWith('bin/') ? '#!/usr/bin/env node\n' : ''
  return { name: name.replace(/\.ts$/, '.js'), text: head + code, mode }
}
