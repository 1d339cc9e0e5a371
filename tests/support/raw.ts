import { request } from 'node:http'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

/** An answer as it came over the wire, and as a browser would read it. */
export interface RawAnswer {
  status: number
  headers: Record<string, string | undefined>
  body: Buffer
  text: string
}

const OPENERS: Record<string, (body: Buffer) => Buffer> = {
  br: brotliDecompressSync,
  gzip: gunzipSync,
}

/** Asks without any header that a client library would add by itself. */
export const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<RawAnswer>((resolve, reject) => {
    const options = { host: '127.0.0.1', port: process.env.PORT, path, headers, method }
    request(options, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('end', () => {
        const body = Buffer.concat(parts)
        const open = OPENERS[response.headers['content-encoding'] ?? '']
        const text = (open && body.length > 0 ? open(body) : body).toString()
        const all = response.headers as Record<string, string>
        resolve({ status: response.statusCode!, headers: all, body, text })
      })
    })
      .on('error', reject)
      .end()
  })
