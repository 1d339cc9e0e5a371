/** What the portal takes as a name. */
const LONGEST = 200
const CONTROL = /[\p{Cc}\u2028\u2029\uFFFD]/gu

/** Untrusted text of a miner: one line, capped, null when empty. */
export const cleanText = (value: unknown, longest = LONGEST): string | null => {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') return null
  const text = value
    .slice(0, longest * 4)
    .replace(CONTROL, '')
    .trim()
    .slice(0, longest)
  return text === '' ? null : text
}

/** `AA:BB:CC:DD:EE:FF`; null for what is not 12 hex digits, for all zeros and all ones. */
export const toMac = (value: unknown): string | null => {
  if (typeof value !== 'string' || value.length > 32) return null
  const digits = value.trim().replace(/[:.-]/g, '').toUpperCase()
  if (!/^[0-9A-F]{12}$/.test(digits) || /^(0+|F+)$/.test(digits)) return null
  return digits.match(/../g)!.join(':')
}

/** A pool address without the user and the password that some people write into it. */
export const toPoolUrl = (value: unknown): string | null => {
  const url = cleanText(value, 500)
  return url?.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/?#]*@/i, '$1') ?? null
}

/** "Antminer S19 Pro" to "S19 Pro". */
export const toAntminerModel = (value: unknown): string | null =>
  cleanText(cleanText(value, 120)?.replace(/^\s*antminer[\s_-]*/i, ''))

/** "M30S+_VE43" to "M30S+ VE40": the last digit is a revision of the hardware. */
export const toWhatsminerModel = (value: unknown): string | null =>
  cleanText(
    cleanText(value, 120)
      ?.replace(/^whatsminer[\s_-]*/i, '')
      .replaceAll('_', ' ')
      .replace(/\d$/, '0')
  )

/** "AvalonMiner 1246-83" to "A1246", "Avalon Q" to "Q". */
export const toAvalonModel = (value: unknown): string | null => {
  const name = cleanText(value, 120)?.replace(/^avalon(?:\s*miner)?[\s_-]*/i, '') ?? null
  return cleanText(name?.replace(/^a?(\d{3,4}[a-z]*)(?:-.*)?$/i, 'A$1'))
}

/** An error of ours with where it comes from, for the log. */
export const describe = (error: unknown): string =>
  error instanceof Error ? (error.stack ?? error.message) : String(error)
