import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { current } from '#core/current'

/** Below this a packet is not saved, and the work is for nothing. */
const LEAST_BYTES = 1024
/** Half the size of quality 1 for a millisecond of work; 11 is for files, packed once. */
const BROTLI_QUALITY = 5

const CODERS = {
  br: (body: Buffer) =>
    promisify(brotliCompress)(body, {
      params: {
        [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
        [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
      },
    }),
  gzip: (body: Buffer) => promisify(gzip)(body),
} as const

type Coding = keyof typeof CODERS

/** What the client reads, best first; browsers name brotli over TLS and on localhost only. */
export function codingOf(request: HttpContext['request']): Coding | null {
  const accepted = request.encodings()
  return accepted.includes('br') ? 'br' : accepted.includes('gzip') ? 'gzip' : null
}

/** Caches keep one copy of the answer for each coding, beside whatever else it varies by. */
function varyByCoding({ response }: HttpContext) {
  const known = String(response.getHeader('Vary') ?? '')
  const names = known.split(',').map((name) => name.trim())
  if (names.includes('Accept-Encoding')) return
  response.header('Vary', [...names.filter(Boolean), 'Accept-Encoding'].join(', '))
}

/** An entity tag names bytes; another coding has other bytes with the same meaning: a weak tag. */
function weakenTag({ response }: HttpContext) {
  const tag = response.getHeader('Etag')
  if (typeof tag === 'string' && tag.startsWith('"')) response.header('Etag', `W/${tag}`)
}

/**
 * Text that may be packed: whole, long enough, not packed yet. Streams (SSE, downloads) and what
 * forbids changes on the way are left alone.
 */
function textOf({ response }: HttpContext) {
  const body: unknown = response.getBody()
  if (typeof body !== 'string' || Buffer.byteLength(body) < LEAST_BYTES) return null
  const isFixed = /\bno-transform\b/.test(String(response.getHeader('Cache-Control') ?? ''))
  return isFixed || response.getHeader('Content-Encoding') ? null : body
}

/**
 * Route middleware that compresses a page for guests. A page says by it that it holds no secret:
 * the length of a compressed answer tells, guess by guess, whether something typed into the
 * address occurs elsewhere in it (BREACH). So it is a choice of each public page, and an answer to
 * somebody who is signed in is never compressed, whatever the route says.
 */
export function compressed() {
  const compress = async (ctx: HttpContext, next: NextFn) => {
    await next()
    if (current.peek()?.userId) return
    varyByCoding(ctx)
    const [coding, text] = [codingOf(ctx.request), textOf(ctx)]
    if (!coding || text === null) return
    const isHtml = text.trimStart().startsWith('<')
    ctx.response.safeHeader('Content-Type', `text/${isHtml ? 'html' : 'plain'}; charset=utf-8`)
    ctx.response.header('Content-Encoding', coding)
    weakenTag(ctx)
    ctx.response.send(await CODERS[coding](Buffer.from(text)))
  }
  return Object.defineProperty(compress, 'name', { value: 'compressed' })
}
