import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import app from '@adonisjs/core/services/app'

export interface SourceFile {
  /** From the root of the checkout. */
  path: string
  text: string
}

const SKIPPED = /(^|\/)(node_modules|tests|build|tmp|assets|\.adonisjs)(\/|$)/

/** The product's own files below these folders; tests are not among them. */
export function sourceFiles(folders: readonly string[], extension: RegExp): SourceFile[] {
  return folders.flatMap((folder) => {
    const root = app.makePath(folder)
    if (!existsSync(root)) return []
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && extension.test(entry.name))
      .map((entry) => relative(app.makePath(), join(entry.parentPath, entry.name)))
      .filter((path) => !SKIPPED.test(path))
      .map((path) => ({ path, text: readFileSync(app.makePath(path), 'utf8') }))
  })
}
