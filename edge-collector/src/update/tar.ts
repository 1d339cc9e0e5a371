import { PACKAGE_LIMITS } from '../../protocol/updates.js'

/** A file of a package; the name is below `package/`, without it. */
export interface PackedFile {
  name: string
  bytes: Buffer
}

/** The archive is not what the portal packs. */
export class BadPackage extends Error {
  constructor(reason: string) {
    super(reason)
    this.name = 'BadPackage'
  }
}

const BLOCK = 512
const FILE = ['0', '\0']
const FOLDER = '5'
const ROOT = 'package/'

/**
 * The files of a ustar archive as the portal packs it. Anything that could write elsewhere is
 * refused, not skipped: links, devices, long-name extensions, absolute names, `..`.
 */
export function readTar(archive: Buffer): PackedFile[] {
  const files: PackedFile[] = []
  const names = new Set<string>()
  for (let offset = 0; ;) {
    const header = archive.subarray(offset, offset + BLOCK)
    if (header.length < BLOCK) throw new BadPackage('the archive is cut off')
    if (header.every((byte) => byte === 0)) return files
    const { name, size, type } = headOf(header)
    const start = offset + BLOCK
    if (start + size > archive.length) throw new BadPackage('the archive is cut off')
    if (FILE.includes(type)) {
      if (names.has(name)) throw new BadPackage(`"${name}" is there twice`)
      names.add(name)
      files.push({ name, bytes: archive.subarray(start, start + size) })
    } else if (type !== FOLDER) throw new BadPackage(`"${name}" is no plain file`)
    if (files.length > PACKAGE_LIMITS.files) throw new BadPackage('too many files')
    offset = start + Math.ceil(size / BLOCK) * BLOCK
  }
}

function headOf(header: Buffer) {
  const sum = octal(header, 148, 8)
  let real = 8 * 32
  for (const [index, byte] of header.entries()) if (index < 148 || index >= 156) real += byte
  if (sum !== real) throw new BadPackage('a header of the archive is damaged')
  const prefix = textAt(header, 345, 155)
  const full = `${prefix === '' ? '' : `${prefix}/`}${textAt(header, 0, 100)}`
  const type = String.fromCharCode(header[156]!)
  return { name: nameBelow(full, type), size: octal(header, 124, 12), type }
}

/** Letters, digits and a few signs: what our packages have, and nothing that a system reads otherwise. */
const PART = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/

function nameBelow(full: string, type: string): string {
  const name = type === FOLDER ? full.replace(/\/$/, '') : full
  if (type === FOLDER && `${name}/` === ROOT) return ''
  const isSafe = name.startsWith(ROOT) && name.split('/').every((part) => PART.test(part))
  if (!isSafe) throw new BadPackage(`the name ${JSON.stringify(full.slice(0, 100))} is refused`)
  return name.slice(ROOT.length)
}

const textAt = (header: Buffer, start: number, length: number) => {
  const field = header.subarray(start, start + length)
  const end = field.indexOf(0)
  return field.subarray(0, end < 0 ? length : end).toString('utf8')
}

const octal = (header: Buffer, start: number, length: number): number => {
  const digits = textAt(header, start, length).trim()
  if (!/^[0-7]+$/.test(digits)) throw new BadPackage('a number of the archive is damaged')
  return Number.parseInt(digits, 8)
}
