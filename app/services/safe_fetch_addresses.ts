import ipaddr from 'ipaddr.js'

const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3')
const OWN_NETWORK = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'])

const parsed = (address: string) => (ipaddr.isValid(address) ? ipaddr.parse(address) : null)

/**
 * Whether an address belongs to the public internet. Everything with a special meaning does not:
 * private, loopback, link-local, CGNAT, multicast, 0/8, documentation, and the forms of IPv6 that
 * carry an IPv4 address inside (mapped, compatible, 6to4, Teredo, NAT64).
 */
export function isPublicAddress(address: string): boolean {
  const ip = parsed(address)
  if (!ip || ip.range() !== 'unicast') return false
  return ip.kind() === 'ipv4' || (ip as ipaddr.IPv6).match(GLOBAL_UNICAST)
}

/**
 * Whether an address may be that of a machine that the operator named: public, or of an own
 * network. Never link-local (where clouds keep their credentials), multicast or unspecified.
 */
export function isOwnAddress(address: string): boolean {
  const ip = parsed(address)
  return ip !== null && (OWN_NETWORK.has(ip.range()) || isPublicAddress(address))
}
