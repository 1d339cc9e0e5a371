const MAC = /^([0-9A-F]{2}:){5}[0-9A-F]{2}$/

/**
 * A MAC address as the collector writes it, upper case with colons, from any of the usual
 * spellings; null for multicast, all zeros, all ones and what is none.
 */
export function properMac(text: string): string | null {
  const bare = text.replaceAll(/[\s:.-]/g, '').toUpperCase()
  if (!/^[0-9A-F]{12}$/.test(bare)) return null
  const mac = bare.match(/../g)!.join(':')
  if (!MAC.test(mac) || (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1) return null
  return new Set(bare).size < 2 ? null : mac
}

/** What stands where somebody did not know: nobody's identity. */
const PLACEHOLDER = /^(0+|f+|x+|n\/?a|none|null|unknown|default|undefined|-+|—)$/i
/** What a spreadsheet makes of a long number. */
const ROUNDED = /^\d(\.\d+)?e\+\d+$/i

export type SerialFault = 'serial' | 'rounded'

/** A serial number, or what is wrong with it; null for a placeholder. */
export function properSerial(text: string): { serial: string | null } | { fault: SerialFault } {
  if (PLACEHOLDER.test(text)) return { serial: null }
  if (ROUNDED.test(text)) return { fault: 'rounded' }
  const isSerial = /^[\x21-\x7e]{4,120}$/.test(text)
  return isSerial ? { serial: text } : { fault: 'serial' }
}

const OCTET = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const IPV4 = new RegExp(`^${OCTET}(\\.${OCTET}){3}$`)

/** An IPv4 address, or null. */
export const properIp = (text: string) => (IPV4.test(text) ? text : null)

const MAKES = [
  ...['Antminer', 'WhatsMiner', 'AvalonMiner', 'Avalon', 'Bitaxe', 'NerdAxe', 'Innosilicon'],
  ...['Goldshell', 'Auradine', 'SealMiner', 'Teraflux'],
]

/** "Antminer S19 Pro" in one column: the make and the rest; no make where none is known. */
export function splitModel(text: string): { make?: string; model: string } {
  const make = MAKES.find((one) => text.toLowerCase().startsWith(`${one.toLowerCase()} `))
  return make ? { make, model: text.slice(make.length).trim() } : { model: text }
}
