import { createHash } from 'node:crypto'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'

const PACKAGE = resolve(import.meta.dirname, '../..')
export const BIN = 'bin/hashinsight-edge.js'

/** The files of a package as the portal ships it, of this version and with these lines ahead of its command. */
export function shippedFiles(version: string, ahead = ''): Map<string, string> {
  const manifest = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as object
  const files = new Map([['package.json', JSON.stringify({ ...manifest, version })]])
  for (const name of globSync('{bin,src,protocol}/**/*.ts', { cwd: PACKAGE })) {
    const code = stripTypeScriptTypes(readFileSync(join(PACKAGE, name), 'utf8'))
    files.set(name.replace(/\.ts$/, '.js'), code)
  }
  files.set(BIN, `${ahead}\n${files.get(BIN)}`)
  return files
}

/** Installs it in a folder. */
export function install(files: Map<string, string>, folder: string): void {
  for (const [name, text] of files) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
}

/** Packs it as the portal does. */
export async function packed(files: Map<string, string>) {
  const tar = pack()
  const bytes = buffer(tar)
  for (const [name, text] of files) tar.entry({ name: `package/${name}` }, text)
  tar.finalize()
  return gzipSync(await bytes)
}

export const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
