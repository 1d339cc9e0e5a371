import type { FaceReply, FaceRequest } from '../contract.js'

/** The start page of a firmware, of which only the title tells anything. */
export const pageOf = (title: string, { method, path }: FaceRequest): FaceReply =>
  method === 'GET' && pathOf(path) === '/'
    ? {
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
        body: `<!doctype html><html><head><title>${title}</title></head><body></body></html>`,
      }
    : NOT_FOUND

export const NOT_FOUND: FaceReply = {
  status: 404,
  headers: { 'content-type': 'text/plain' },
  body: 'Not Found',
}

/** Without its query. */
export const pathOf = (path: string): string => path.replace(/\?.*$/s, '')

export const json = (body: unknown, status = 200): FaceReply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
