import { promisify } from 'node:util'
import { gunzip, zstdDecompress } from 'node:zlib'
import type { HttpContext } from '@adonisjs/core/http'
import { LIMITS } from '#edge/protocol/messages'
import type { Check } from '#edge/protocol/check'
import { E_BODY_UNREADABLE, E_MESSAGE, E_TOO_LARGE } from './edge_errors.js'

/** The body as it came, for the signature. Stops reading at the limit. */
export async function rawBody({ request }: HttpContext): Promise<Buffer> {
  const stated = Number(request.header('content-length') ?? 0)
  if (stated > LIMITS.bodyBytes) throw new E_TOO_LARGE()
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of request.request) {
    bytes += part.length
    if (bytes > LIMITS.bodyBytes) throw new E_TOO_LARGE()
    parts.push(part)
  }
  return Buffer.concat(parts)
}

const ENCODINGS: Record<string, (body: Buffer, limit: number) => Promise<Buffer>> = {
  identity: async (body) => body,
  gzip: (body, maxOutputLength) => promisify(gunzip)(body, { maxOutputLength }),
  zstd: (body, maxOutputLength) => promisify(zstdDecompress)(body, { maxOutputLength }),
}

/** Inflates within the limit and parses. Throws E_TOO_LARGE or E_BODY_UNREADABLE. */
async function parsed(body: Buffer, encoding: string): Promise<unknown> {
  const inflate = ENCODINGS[encoding]
  if (!inflate) throw new E_BODY_UNREADABLE()
  try {
    return JSON.parse((await inflate(body, LIMITS.inflatedBytes)).toString('utf8'))
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw new E_TOO_LARGE()
    throw new E_BODY_UNREADABLE()
  }
}

/** The message in a body, as the protocol has it. Throws E_MESSAGE that names the first fault. */
export async function messageIn<T>(ctx: HttpContext, body: Buffer, check: Check): Promise<T> {
  const encoding = ctx.request.header('content-encoding') ?? 'identity'
  const message = await parsed(body, encoding.trim().toLowerCase())
  const fault = check(message)
  if (fault) throw new E_MESSAGE([`${fault.field || 'message'}: ${fault.reason}`])
  return message as T
}
