import { defineError } from '#core/errors'

/** XML that is broken, or declares entities, which no office program does. */
export const E_XML_UNREADABLE = defineError(
  'The document could not be read',
  'E_XML_UNREADABLE',
  422
)

export interface XmlEvents {
  /** Name without its prefix; `attributes` as written. */
  open?(name: string, attributes: string): void
  close?(name: string): void
  text?(text: string): void
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const ENTITY = /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([a-z]+));/gi
const DOUBLE = 0x22
const SINGLE = 0x27
const GREATER = 0x3e
/** One text or tag; a cell of Excel holds 32,767 characters. */
const LONGEST_PIECE = 1_000_000
const LAST_CODE_POINT = 0x10_ff_ff

/** Text with its character references replaced; unknown ones stay as they are written. */
export const xmlText = (text: string) =>
  text.includes('&')
    ? text.replaceAll(ENTITY, (whole, hex?: string, digits?: string, name?: string) => {
        if (name) return NAMED[name] ?? whole
        const code = hex ? Number.parseInt(hex, 16) : Number(digits)
        return code <= LAST_CODE_POINT ? String.fromCodePoint(code) : whole
      })
    : text

/** The value of one attribute, or null. */
export function xmlAttribute(attributes: string, name: string): string | null {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes)
  return match ? xmlText(match[1] ?? match[2]!) : null
}

/** What has an end of its own, and whether its content is text. */
const SPECIAL: readonly [start: string, end: string, isText: boolean][] = [
  ['<!--', '-->', false],
  ['<![CDATA[', ']]>', true],
  ['<?', '?>', false],
]

/**
 * Reads XML as it comes, without building a tree: for sheets of any size. Document types are
 * refused, so that there are no entities to expand.
 */
export class XmlScanner {
  private rest = ''

  constructor(private readonly events: XmlEvents) {}

  /** Takes the next piece of the document. Throws E_XML_UNREADABLE. */
  push(piece: string) {
    const text = this.rest + piece
    let at = 0
    for (;;) {
      const start = text.indexOf('<', at)
      if (start === -1) break
      if (start > at) this.events.text?.(xmlText(text.slice(at, start)))
      at = start
      const end = this.tag(text, start)
      if (end === -1) break
      at = end
    }
    this.rest = text.slice(at)
    if (this.rest.length > LONGEST_PIECE) throw new E_XML_UNREADABLE()
  }

  /** Says that there is no more. Throws E_XML_UNREADABLE when the document is cut off. */
  end() {
    if (this.rest.includes('<')) throw new E_XML_UNREADABLE()
  }

  /** Handles what begins at `start`; answers where it ends, or -1 when the rest is still to come. */
  private tag(text: string, start: number): number {
    const second = text[start + 1]
    if (second === '!' || second === '?') return this.special(text, start)
    const end = endOfTag(text, start)
    if (end === -1) return -1
    if (second === '/') this.events.close?.(plainName(text.slice(start + 2, end).trimEnd()))
    else this.opened(text.slice(start + 1, end))
    return end + 1
  }

  private opened(tag: string) {
    const isEmpty = tag.endsWith('/')
    const body = isEmpty ? tag.slice(0, -1) : tag
    const space = body.search(/\s/)
    const name = plainName(space === -1 ? body : body.slice(0, space))
    this.events.open?.(name, space === -1 ? '' : body.slice(space))
    if (isEmpty) this.events.close?.(name)
  }

  private special(text: string, start: number): number {
    for (const [begin, finish, isText] of SPECIAL) {
      const seen = text.slice(start, start + begin.length)
      if (seen !== begin) {
        if (begin.startsWith(seen)) return -1
        continue
      }
      const end = text.indexOf(finish, start + begin.length)
      if (end === -1) return -1
      if (isText) this.events.text?.(text.slice(start + begin.length, end))
      return end + finish.length
    }
    throw new E_XML_UNREADABLE()
  }
}

const plainName = (name: string) => name.slice(name.indexOf(':') + 1)

/** The `>` of a tag, not one inside a quoted value. */
function endOfTag(text: string, start: number): number {
  let quote = 0
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quote !== 0) quote = code === quote ? 0 : quote
    else if (code === DOUBLE || code === SINGLE) quote = code
    else if (code === GREATER) return at
  }
  return -1
}
