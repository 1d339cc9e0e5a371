import type { FaceReply, FaceRequest } from './contract.js'

/** What else stands in a network and must not be taken for a miner. */
export const STRANGERS = ['printer', 'router', 'blog', 'web_server', 'ssh'] as const
export type Stranger = (typeof STRANGERS)[number]

const page = (body: string, headers: Record<string, string> = {}): FaceReply => ({
  status: 200,
  headers: { 'content-type': 'text/html', ...headers },
  body,
})

/** The page of a printer wants a password, by the digest that some miners use as well. */
const printer = (): FaceReply => ({
  status: 401,
  headers: {
    'www-authenticate':
      'Digest realm="HP LaserJet", nonce="c0ffee00c0ffee00", algorithm=MD5, qop="auth"',
  },
  body: '',
})

const PAGES: Record<Exclude<Stranger, 'ssh'>, (request: FaceRequest) => FaceReply> = {
  printer,
  router: ({ path }) =>
    path === '/'
      ? page('<html><head><meta http-equiv="refresh" content="0; URL=/cgi-bin/luci"></head></html>')
      : { status: 404, body: 'Not found' },
  blog: ({ path }) =>
    path === '/'
      ? page('<html><title>The Nerd at home</title><body>Notes of a Nerd</body></html>')
      : { status: 404, body: 'Not found' },
  web_server: ({ path }) =>
    path === '/' ? page('<html><body><h1>It works!</h1></body></html>') : { status: 404, body: '' },
}

/** What it answers on port 80; null: nothing listens there. */
export const strangerPage = (stranger: Stranger, request: FaceRequest): FaceReply | null =>
  stranger === 'ssh' ? null : PAGES[stranger](request)

/** What it says on the port of the mining API, unasked; null: nothing listens there. */
export const strangerBanner = (stranger: Stranger): string | null =>
  stranger === 'ssh' ? 'SSH-2.0-OpenSSH_9.2p1\r\n' : null
