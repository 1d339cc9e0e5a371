/** What may tell a machine from all others, best first. */
export interface Marks {
  mac: string | null
  serial_number: string | null
  hashboards: { serial_number: string | null }[] | null
}

/** What firmware says when it does not know. */
const PLACEHOLDER = /^(0+|f+|x+|n\/?a|none|null|unknown|default|undefined|tobefilled.*|123456\d*)$/i
const MAC = /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/

/**
 * The key of a machine: MAC, else serial number, else that of its first board, else its address.
 * Placeholders are nobody's identity.
 */
export function keyOf({ mac, serial_number: serial, hashboards }: Marks, ip: string): string {
  const address = properMac(mac)
  if (address) return `mac:${address}`
  const number = properSerial(serial)
  if (number) return `sn:${number}`
  const board = hashboards?.map((one) => properSerial(one.serial_number)).find(Boolean)
  return board ? `board:${board}` : `ip:${ip}`
}

/** Upper case with colons; null for multicast, all zeros, all ones and what is no MAC. */
export function properMac(given: string | null): string | null {
  const mac = given?.toUpperCase().replaceAll('-', ':') ?? ''
  if (!MAC.test(mac) || (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) return null
  return new Set(mac.replaceAll(':', '')).size < 2 ? null : mac
}

function properSerial(given: string | null): string | null {
  const serial = given?.replace(/[^\x21-\x7e]/g, '') ?? ''
  return serial.length < 4 || serial.length > 120 || PLACEHOLDER.test(serial) ? null : serial
}

/** Whether somebody else answers at the address of this machine. */
export function isSomebodyElse(key: string, marks: Marks): boolean {
  const mac = properMac(marks.mac)
  if (key.startsWith('mac:')) return mac !== null && key !== `mac:${mac}`
  const serial = properSerial(marks.serial_number)
  return key.startsWith('sn:') && serial !== null && key !== `sn:${serial}`
}
