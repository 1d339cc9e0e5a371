import { CODE, CONTENT_TYPE, EDGE_PATH, type EnrollAnswer } from '../../protocol/messages.js'
import { fingerprintWords, rawPublicKey } from '../../protocol/signing.js'
import { toAnswer } from './client.js'
import { loadMembership, type Membership, ownKey, saveMembership } from './identity.js'
import { Refusal } from './refusal.js'
import { createTransport } from './transport.js'
import { isLoopback } from '../discovery/addresses.js'

export interface EnrollOptions {
  folder: string
  portal: string
  code: string
  version: string
  hostname: string | null
  /** Takes a portal without TLS that is not on this machine. */
  allowHttp?: boolean
}

/** The address of a portal: a host and nothing behind it. Throws Refusal. */
export function portalUrl(given: string, allowHttp = false): URL {
  if (!URL.canParse(given)) throw new Refusal(`"${given}" is no address of a portal`)
  const url = new URL(given)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new Refusal('a portal is reached by https://')
  }
  if (url.protocol === 'http:' && !allowHttp && !isLoopback(url.hostname)) {
    throw new Refusal('http:// is readable on the way; use https://, or --allow-http to take it')
  }
  if (url.href !== `${url.origin}/`) {
    throw new Refusal('give the portal without a path, as in https://portal.example')
  }
  return url
}

/** Becomes a collector of a portal with a code that somebody read out. Throws Refusal. */
export async function enroll(options: EnrollOptions): Promise<Membership & { words: string }> {
  const url = portalUrl(options.portal, options.allowHttp)
  const code = options.code.trim().toUpperCase()
  if (!CODE.test(code)) throw new Refusal('a code looks like ABCD-EFGH')
  if (loadMembership(options.folder)) {
    throw new Refusal(`${options.folder} is enrolled already; "uninstall" ends that`)
  }
  const publicKey = rawPublicKey(ownKey(options.folder))
  const { version, hostname } = options
  const answer = await post(url, { code, publicKey, version, hostname })
  const membership: Membership = {
    portal: url.origin,
    collectorId: answer.collectorId,
    name: answer.name,
    site: answer.site,
    configKey: answer.configKey,
    enrolledAt: answer.time,
  }
  saveMembership(options.folder, membership)
  return { ...membership, words: fingerprintWords(publicKey) }
}

async function post(url: URL, request: object): Promise<EnrollAnswer> {
  const transport = createTransport(url)
  try {
    const raw = await transport({
      method: 'POST',
      path: `${EDGE_PATH}/enroll`,
      headers: { 'content-type': CONTENT_TYPE },
      body: Buffer.from(JSON.stringify(request)),
      timeoutMs: 30_000,
    })
    const { status, code, body } = toAnswer(raw)
    if (status === 201 && body) return body as unknown as EnrollAnswer
    if (status === 403) throw new Refusal('the code is wrong, was used or is too old')
    if (status === 429) throw new Refusal('too many tries; wait a minute')
    throw new Refusal(`the portal answered ${status}${code ? ` ${code}` : ''}`)
  } finally {
    transport.close()
  }
}
