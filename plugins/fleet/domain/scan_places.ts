/** Whether an address lies in what was scanned; the caller has read both as numbers. */
export interface AddressSpan {
  first: bigint
  last: bigint
}

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/

/** An IPv4 address as a number; null when it is none. */
export function addressNumber(text: string): bigint | null {
  const parts = V4.exec(text)?.slice(1).map(Number)
  if (!parts || parts.some((part) => part > 255)) return null
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n)
}

/**
 * The span of `10.1.2.0/24`, `10.1.2.10-10.1.2.90` or one address; null when it is none of these.
 */
export function spanOf(text: string): AddressSpan | null {
  const [from, to, ...rest] = text.split('-').map((part) => part.trim())
  if (rest.length > 0 || from === undefined) return null
  if (to === undefined) return from.includes('/') ? blockOf(from) : pair(from, from)
  return pair(from, to)
}

function pair(from: string, to: string): AddressSpan | null {
  const [first, last] = [addressNumber(from), addressNumber(to)]
  return first === null || last === null || first > last ? null : { first, last }
}

function blockOf(text: string): AddressSpan | null {
  const [, base, size] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? []
  const address = base === undefined ? null : addressNumber(base)
  const bits = Number(size)
  if (address === null || bits > 32) return null
  const count = 1n << BigInt(32 - bits)
  const first = address - (address % count)
  return { first, last: first + count - 1n }
}

/** How many addresses a span has. */
export const sizeOf = ({ first, last }: AddressSpan) => Number(last - first + 1n)

/** Whether the address lies in one of these spans. */
export function isWithin(ip: string, spans: readonly AddressSpan[]): boolean {
  const address = addressNumber(ip)
  return address !== null && spans.some(({ first, last }) => address >= first && address <= last)
}
