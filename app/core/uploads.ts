import { randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { HttpContext } from '@adonisjs/core/http'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import { defineError } from '#core/errors'

/** The body is no multipart form, is cut off, or has parts that no form of ours sends. */
export const E_UPLOAD_UNREADABLE = defineError(
  'The upload could not be read',
  'E_UPLOAD_UNREADABLE',
  400
)

/** More parts, or larger ones, than the route takes. */
export const E_UPLOAD_TOO_LARGE = defineError('The upload is too large', 'E_UPLOAD_TOO_LARGE', 413)

export interface UploadedFile {
  field: string
  /** The name that the browser sent, harmless to show; never a path and never used as one. */
  name: string
  type: string
  bytes: number
  /** Where it lies until the work is done; the name there is ours. */
  path: string
}

export interface Upload {
  fields: ReadonlyMap<string, string>
  files: readonly UploadedFile[]
}

interface Limits {
  files?: number
  fileBytes?: number
  fields?: number
  fieldBytes?: number
}

const DEFAULTS = { files: 1, fileBytes: 20 * 1024 * 1024, fields: 50, fieldBytes: 64 * 1024 }
const MAX_NAME = 120

/** A file name to show: the last part of any path, without control characters, never empty. */
export function safeFileName(name: string | undefined): string {
  const last = (name ?? '').split(/[\\/]/).at(-1)!
  const shown = last
    .normalize('NFC')
    .replaceAll(/[\p{C}\u2028\u2029]/gu, '')
    .replace(/^\.+/, '')
    .trim()
    .slice(0, MAX_NAME)
  return shown || 'file'
}

/**
 * Reads a multipart form and gives its fields and files to the work; the files are gone afterwards.
 * The framework's own parser stays off: one hostile field name ends the process with it
 * (security/advisories.json). Names are keys of a Map here, so that `__proto__` is only a word.
 */
export async function withUpload<T>(
  { request }: HttpContext,
  limits: Limits,
  work: (upload: Upload) => Promise<T>
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'hashinsight-upload-'))
  try {
    return await work(await readUpload(request.request, { ...DEFAULTS, ...limits }, folder))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Source = Readable & { headers: NodeJS.Dict<string | string[]> }

/** Parses the stream into the folder. For `withUpload` and the tests of the parser. */
export async function readUpload(
  source: Source,
  limits: Required<Limits>,
  folder: string
): Promise<Upload> {
  const parser = open(source, limits)
  const fields = new Map<string, string>()
  const writes: Promise<UploadedFile>[] = []
  const refuse = (error: Error) => parser.destroy(error)
  parser.on('field', (name, value, ...[isNameCut, isValueCut]) => {
    if (isNameCut || isValueCut) return refuse(new E_UPLOAD_TOO_LARGE())
    fields.set(name, value.replaceAll('\0', ''))
  })
  parser.on('file', (field, stream, name, ...[, type]) => {
    stream.on('limit', () => refuse(new E_UPLOAD_TOO_LARGE()))
    const write = keep(stream, { field, name: safeFileName(name), type }, folder)
    // Whoever refuses first is heard below; the others must not end the process.
    write.catch(refuse)
    writes.push(write)
  })
  for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const) {
    parser.on(limit, () => refuse(new E_UPLOAD_TOO_LARGE()))
  }
  try {
    await pipeline(source, parser)
    return { fields, files: await Promise.all(writes) }
  } catch (error) {
    await Promise.allSettled(writes)
    throw isOurs(error) ? error : new E_UPLOAD_UNREADABLE()
  }
}

const isOurs = (error: unknown) => error instanceof E_UPLOAD_TOO_LARGE

function open(source: Source, { files, fileBytes, fields, fieldBytes }: Required<Limits>) {
  try {
    return new Busboy({
      headers: source.headers as BusboyHeaders,
      limits: {
        files,
        fields,
        parts: files + fields,
        fileSize: fileBytes,
        fieldSize: fieldBytes,
        fieldNameSize: 100,
        headerPairs: 20,
      },
    })
  } catch {
    throw new E_UPLOAD_UNREADABLE()
  }
}

async function keep(
  stream: Readable,
  file: Pick<UploadedFile, 'field' | 'name' | 'type'>,
  folder: string
): Promise<UploadedFile> {
  const path = join(folder, randomUUID())
  await pipeline(stream, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
  const { size } = await stat(path)
  return { ...file, bytes: size, path }
}
