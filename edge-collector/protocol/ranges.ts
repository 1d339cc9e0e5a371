const PART = /^(0|[1-9]\d{0,2})$/

/** An IPv4 address as a number; null when it is none. Leading zeros are octal to some: refused. */
export function toNumber(ip: string): number | null {
  const parts = ip.split('.')
  if (parts.length !== 4) return null
  let value = 0
  for (const part of parts) {
    if (!PART.test(part) || Number(part) > 255) return null
    value = value * 256 + Number(part)
  }
  return value
}

export const toIp = (value: number): string =>
  [24, 16, 8, 0].map((bits) => (value >>> bits) & 255).join('.')

/** Addresses from the first to the last, both included. */
export interface Span {
  first: number
  last: number
}

/** Of one scan: a typing error must not become a scan of the whole country. */
export const MOST_ADDRESSES = 65_536

/** `10.1.2.0/24`, `10.1.2.10-10.1.2.90` or one address; null for anything else. */
export function parseRange(text: string): Span | null {
  const trimmed = text.trim()
  if (trimmed.includes('/')) return parseNetwork(trimmed)
  const [from = '', to = from, ...more] = trimmed.split('-').map((part) => part.trim())
  const [first, last] = [toNumber(from), toNumber(to)]
  if (more.length > 0 || first === null || last === null || first > last) return null
  return { first, last }
}

/** Without the address of the network and the one that reaches all of it. */
function parseNetwork(text: string): Span | null {
  const [base = '', prefix = '', ...more] = text.split('/')
  const address = toNumber(base)
  if (more.length > 0 || address === null || !/^(\d|[12]\d|3[0-2])$/.test(prefix)) return null
  const size = 2 ** (32 - Number(prefix))
  const first = Math.floor(address / size) * size
  const last = first + size - 1
  return size > 2 ? { first: first + 1, last: last - 1 } : { first, last }
}

export const sizeOf = ({ first, last }: Span): number => last - first + 1

/** Whether the address lies in one of these spans. */
export function isWithin(ip: string, spans: readonly Span[]): boolean {
  const value = toNumber(ip)
  return value !== null && spans.some(({ first, last }) => first <= value && value <= last)
}
