import { readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'

/** A question to a machine, and the file with what it answered. */
interface Exchange {
  transport: string
  port?: number
  request?: Record<string, unknown>
  method?: string
  path?: string
  /** Of GraphQL. */
  query_name?: string
  file: string
  /** It changes the machine. */
  write?: boolean
}

export interface Answer extends Exchange {
  text: string
}

/** What one machine answered once, to be played again. */
export interface Template {
  name: string
  /** Of the cgminer API on 4028. */
  rpc: Answer[]
  /** Of WhatsMiner V3. */
  v3: Answer[]
  http: Answer[]
  /** HTTP on 4028, as ePIC has it. */
  rpcHttp: Answer[]
  /** 12 hexadecimal digits; null: no answer names it. */
  mac: string | null
  serial: string | null
}

/**
 * Reads a folder with `manifest.json` and the files that it names. What changes the machine is left
 * out: a recording takes no orders. Throws RangeError when it is no such folder.
 */
export function templateIn(folder: string): Template {
  const refuse = (reason: string): never => {
    throw new RangeError(`template ${folder}: ${reason}`)
  }
  const read = (file: string): string => {
    const path = resolve(folder, file)
    if (relative(folder, path).startsWith('..')) return refuse(`${file} is outside`)
    try {
      return readFileSync(path, 'utf8')
    } catch (error) {
      return refuse((error as Error).message)
    }
  }
  const manifest = parsed(read('manifest.json')) as {
    exchanges?: Exchange[]
    [key: string]: unknown
  }
  if (!Array.isArray(manifest?.exchanges)) return refuse('manifest.json has no exchanges')
  const answers = manifest.exchanges
    .filter(({ write }) => write !== true)
    .map((one) => ({ ...one, text: read(String(one.file)) }))
  const of = (transport: string) => answers.filter((one) => one.transport === transport)
  const values = answers.map(({ text }) => parsed(text))
  return {
    name: [manifest['family'], manifest['version']].filter(Boolean).join(' ') || folder,
    rpc: of('cgminer-tcp'),
    v3: of('whatsminer-v3'),
    http: of('http').filter(({ port }) => port !== RPC_PORT),
    rpcHttp: of('http').filter(({ port }) => port === RPC_PORT),
    mac: found(values, MAC_KEY, MAC)?.replace(/[:-]/g, '') ?? null,
    serial: found(values, SERIAL_KEY, SERIAL),
  }
}

const RPC_PORT = 4028
const MAC_KEY = /^mac(_?addr(ess)?)?$/i
const MAC = /^[0-9a-f]{2}([:-]?[0-9a-f]{2}){5}$/i
const SERIAL_KEY = /^(serial(_?n(o|umber))?|serinum|miner-?sn|dna|cpuserial|dev_sn|crtl_sn)$/i
/** A shorter one would be the value of other keys as well. */
const SERIAL = /^[\w-]{4,}$/

/** Null for what is no JSON: it is played as it is. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The first text under such a key; rows of longer lists are parts of the machine. */
function found(values: readonly unknown[], key: RegExp, form: RegExp): string | null {
  for (const value of values) {
    const text = foundIn(value, key, form)
    if (text !== null) return text
  }
  return null
}

function foundIn(value: unknown, key: RegExp, form: RegExp): string | null {
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return value.length === 1 ? foundIn(value[0], key, form) : null
  const own = Object.entries(value).find(
    ([name, one]) => key.test(name) && typeof one === 'string' && form.test(one)
  )
  return own ? (own[1] as string) : found(Object.values(value), key, form)
}
