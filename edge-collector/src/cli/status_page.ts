import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Refusal } from '../portal/refusal.js'
import { isLoopback } from '../discovery/addresses.js'

const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'`,
  'x-content-type-options': 'nosniff',
}

/**
 * Shows how the collector is, to this machine only; nothing can be changed here. The name that was
 * asked for must be loopback's as well, or a page elsewhere could read it by rebinding its own name.
 */
export async function serveStatus(
  status: () => object,
  port: number
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => answer(request, response, status))
  server.listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new Refusal(`the status page cannot use port ${port}: ${(error as Error).message}`)
  }
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(request: IncomingMessage, response: ServerResponse, status: () => object): void {
  const end = (code: number, type: string, text: string) => {
    response.writeHead(code, { ...HEADERS, 'content-type': `${type}; charset=utf-8` })
    response.end(request.method === 'HEAD' ? undefined : text)
  }
  if (!isLoopback((request.headers.host ?? '').replace(/:\d+$/, ''))) {
    return end(421, 'text/plain', 'Only as localhost\n')
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return end(405, 'text/plain', 'Nothing can be changed here\n')
  }
  if (request.url === '/status.json') {
    return end(200, 'application/json', JSON.stringify(status()))
  }
  if (request.url === '/') return end(200, 'text/html', pageOf(status()))
  end(404, 'text/plain', 'Not here\n')
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string) => text.replace(/[&<>"]/g, (sign) => escapes[sign]!)

const pageOf = (status: object) => `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5">
<title>HashInsight collector</title>
<style>body{background:#1a1d2e;color:#e8e8ef;font:16px/1.5 system-ui;margin:2rem}h1{color:#f7931a;
font-size:1.2rem}td{padding:.1rem 1rem .1rem 0;vertical-align:top;font-variant-numeric:tabular-nums}</style>
<h1>HashInsight collector</h1><table>${rowsOf(status)}</table></html>`

const rowsOf = (status: object): string =>
  Object.entries(status)
    .map(([name, value]) => {
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
      return `<tr><td>${escape(name)}<td>${escape(text)}`
    })
    .join('')
