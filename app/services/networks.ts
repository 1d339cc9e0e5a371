import ipaddr from 'ipaddr.js'

/** The network of an address, as CIDR: /24 for IPv4, /64 for IPv6, where one person holds them all. */
export function networkOf(ip: string) {
  if (!ipaddr.isValid(ip)) return '0.0.0.0/32'
  const address = ipaddr.process(ip)
  const bits = address.kind() === 'ipv4' ? 24 : 64
  const network =
    address.kind() === 'ipv4'
      ? ipaddr.IPv4.networkAddressFromCIDR(`${address.toString()}/24`)
      : ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`)
  return `${network.toString()}/${bits}`
}
