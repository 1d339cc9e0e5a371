import { isIP } from 'node:net'
import { lookup } from 'node:dns/promises'
import { type OutsideReason, OutsideRefusal, type OutsideRequest } from '#core/outside'
import { isOwnAddress, isPublicAddress } from '#services/safe_fetch_addresses'

export interface Address {
  address: string
  family: number
}

/** How the door to the outside is set; tests have their own resolver. */
export interface Door {
  /** `host:port` of the own network, named by the operator. */
  privateHosts: ReadonlySet<string>
  resolve(host: string): Promise<readonly Address[]>
}

export interface Target {
  url: URL
  /** Where to connect, resolved once and checked: nothing asks the resolver again. */
  addresses: readonly Address[]
}

const USUAL_PORTS: Record<string, string> = { 'https:': '443', 'http:': '80' }

export const resolveHost = (host: string): Promise<Address[]> => lookup(host, { all: true })

/** `a:1, b.local:2` as the set of those hosts. */
export const hostsOf = (list: string | undefined): ReadonlySet<string> =>
  new Set(
    (list ?? '')
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter(Boolean)
  )

const withPort = (host: string, port: string) =>
  /:\d+$/.test(host.replace(/^\[.*\]/, '')) ? host : `${host}:${port}`

/** Decides whether this URL may be asked, and where it lives. Throws OutsideRefusal. */
export async function targetOf({ url: text, allow }: OutsideRequest, door: Door): Promise<Target> {
  if (!URL.canParse(text)) throw new OutsideRefusal('bad_url', '')
  const url = new URL(text)
  const usualPort = USUAL_PORTS[url.protocol] ?? ''
  const port = url.port || usualPort
  const place = `${url.hostname}:${port}`
  const isOwn = door.privateHosts.has(place)
  const isAllowed = allow.some((host) => withPort(host.toLowerCase(), usualPort) === place)
  const reason = refusalOf(url, isOwn, isAllowed)
  if (reason) throw new OutsideRefusal(reason, place)
  const addresses = await addressesOf(url, place, door)
  const isGood = isOwn ? isOwnAddress : isPublicAddress
  // One bad address among good ones is refused too: nobody can say which would be taken.
  if (!addresses.every(({ address }) => isGood(address))) throw new OutsideRefusal('address', place)
  return { url, addresses }
}

function refusalOf(url: URL, isOwn: boolean, isAllowed: boolean): OutsideReason | null {
  const isGoodScheme = url.protocol === 'https:' || (url.protocol === 'http:' && isOwn)
  if (!isGoodScheme) return 'scheme'
  if (url.username || url.password) return 'credentials'
  return isAllowed ? null : 'host'
}

async function addressesOf(url: URL, place: string, door: Door): Promise<readonly Address[]> {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const family = isIP(host)
  if (family) return [{ address: host, family }]
  const found = await door.resolve(host).catch((error: unknown) => {
    throw Object.assign(new OutsideRefusal('dns', place), { cause: error })
  })
  if (found.length === 0) throw new OutsideRefusal('dns', place)
  return found
}
