import { type Machine } from './support/loopback_site.js'

export const LOOPBACK = ['127.0.0.0/8']
export const live = () => new AbortController().signal
export const page = (text: string, status = 200, headers = {}): Machine => ({
  page: { status, headers, text },
})
export const digest = (realm: string) => ({
  'www-authenticate': `Digest realm="${realm}", qop="auth", nonce="c5b1a2", algorithm=MD5`,
})

/** The knock, the question, and whether it is HTTP. */
export const MUTE_CONNECTIONS = 3

/** What answers at a site and is no miner; each is taken for one by some tool. */
export const OTHERS: Record<string, Machine> = {
  '127.9.0.3': page('<title>Router login</title>'),
  '127.9.0.9': page('', 401, digest('printer')),
  '127.9.0.17': page('<title>My blog about Nerd miners and AxeOS</title>'),
  '127.9.0.23': page('<a href="/cgi-bin/luci">LuCI</a>'),
  '127.9.0.31': page('', 307, { location: 'https://127.9.0.31/' }),
  '127.9.0.33': page('<title>Miner UI</title> amazeui Braiins OS AnthillOS Avalon'),
  '127.9.0.41': page('', 401, { 'www-authenticate': 'Basic realm="antMiner Configuration"' }),
}
