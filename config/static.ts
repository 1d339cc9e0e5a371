import { defineConfig } from '@adonisjs/static'

const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
}
const CODINGS: Record<string, string> = { br: 'br', gz: 'gzip' }

/** Names of bundles change with their content; the packed copies say what they are. */
function headersOf(path: string): Record<string, string> {
  if (!path.includes('/assets/')) return {}
  const kept = { 'Cache-Control': 'public, max-age=31536000, immutable' }
  const [, type = '', packed] = /\.(js|css)(?:\.(br|gz))?$/.exec(path) ?? []
  if (!type) return kept
  const coding: Record<string, string> = packed ? { 'Content-Encoding': CODINGS[packed]! } : {}
  return { ...kept, ...coding, 'Content-Type': TYPES[type]!, 'Vary': 'Accept-Encoding' }
}

export default defineConfig({
  enabled: true,
  etag: true,
  lastModified: true,
  dotFiles: 'ignore',
  headers: headersOf,
})
