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

/** A host name or address of this machine itself. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host)
