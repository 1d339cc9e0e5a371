/** A piece of JSON that is nearly right; `text` is what may be parsed. */
export interface Token {
  kind: '{' | '}' | '[' | ']' | ',' | ':' | 'string' | 'open string' | 'word' | 'junk'
  text: string
}

const TOKEN = /\s+|[{}[\],:]|"[^"\\]*(?:\\[^][^"\\]*)*("|$)|[^\s{}[\],:"]+/g
const WORD = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/
const NOT_FINITE = /^[+-]?(?:nan|inf|infinity)$/i
const CONTROL = /\p{Cc}/gu
/** A megabyte of brackets is no answer of a miner. */
const MOST_TOKENS = 200_000

/**
 * Splits a text into the words of JSON; inside strings raw control characters are left out. What
 * comes after the cap is left out too, so that it cannot parse.
 */
export const toTokens = (text: string): Token[] => {
  const tokens: Token[] = []
  for (const [piece, closing] of text.matchAll(TOKEN)) {
    if (tokens.length >= MOST_TOKENS) break
    if (piece.trim() !== '') tokens.push(toToken(piece, closing))
  }
  return tokens
}

const toToken = (piece: string, closing: string | undefined): Token => {
  if (piece.length === 1 && '{}[],:'.includes(piece)) {
    return { kind: piece as Token['kind'], text: piece }
  }
  if (closing !== undefined) {
    const kind = closing === '"' ? 'string' : 'open string'
    return { kind, text: piece.replace(CONTROL, '') }
  }
  if (NOT_FINITE.test(piece)) return { kind: 'word', text: 'null' }
  return { kind: WORD.test(piece) ? 'word' : 'junk', text: piece }
}

/** How deep the brackets go, without building anything. */
export const depthOf = (text: string): number => {
  let depth = 0
  let deepest = 0
  let inString = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) inString = !inString
    else if (inString) index += code === BACKSLASH ? 1 : 0
    else if (OPENING.has(code)) deepest = Math.max(deepest, ++depth)
    else if (CLOSING.has(code)) depth--
  }
  return deepest
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPENING = new Set([0x7b, 0x5b])
const CLOSING = new Set([0x7d, 0x5d])
