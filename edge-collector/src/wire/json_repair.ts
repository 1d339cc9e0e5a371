import type { Json } from './contract.js'
import { depthOf, type Token, toTokens } from './json_tokens.js'

/** What became of the text of an answer. */
export type Parsed =
  { kind: 'ok'; value: Json; isRepaired: boolean } | { kind: 'truncated' | 'not_json' }

/** No miner nests deeper; a hostile answer could, and whoever walks it would pay. */
const DEEPEST = 64
const VALUE_ENDS = new Set(['}', ']', 'string', 'word'])
const VALUE_STARTS = new Set(['{', '[', 'string', 'word'])

/**
 * Parses the JSON of a miner. What is valid is never touched, as values may contain what a repair
 * would change; the repairs are those known from firmware, outside of strings only.
 */
export const parseJson = (text: string): Parsed => {
  if (depthOf(text) > DEEPEST) return { kind: 'not_json' }
  const plain = tryParse(text)
  if (plain !== undefined) return { kind: 'ok', value: plain, isRepaired: false }
  const tokens = toTokens(text)
  // Avalon answers with the fragment `,"id":1}`.
  if (tokens[0]?.kind === ',') tokens[0] = { kind: '{', text: '{' }
  const repaired = tryParse(toText(reshape(tokens)))
  if (repaired !== undefined) return { kind: 'ok', value: repaired, isRepaired: true }
  return { kind: isCutOff(tokens) ? 'truncated' : 'not_json' }
}

const toText = (tokens: readonly Token[]) => tokens.map((token) => token.text).join('')

const tryParse = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** It began as JSON and ended inside of it. */
const isCutOff = (tokens: readonly Token[]): boolean => {
  if (tokens[0]?.text !== '{' && tokens[0]?.text !== '[') return false
  if (tokens.at(-1)?.kind === 'open string') return true
  const opened = tokens.filter(({ kind }) => kind === '{' || kind === '[').length
  const closed = tokens.filter(({ kind }) => kind === '}' || kind === ']').length
  return opened > closed
}

/** Commas put in and taken out; brackets around pairs made braces. */
const reshape = (tokens: readonly Token[]): Token[] => {
  const result: Token[] = []
  const open: Token[] = []
  for (const [index, token] of tokens.entries()) {
    const before = result.at(-1)?.kind
    if (isCommaTooMany(token, before, tokens[index + 1]?.kind)) continue
    if (open.length > 0 && isCommaMissing(before, token.kind)) result.push(COMMA)
    const isPairs = tokens[index + 1]?.kind === 'string' && tokens[index + 2]?.kind === ':'
    result.push(bracketed(token, open, isPairs))
  }
  return result
}

const COMMA: Token = { kind: ',', text: ',' }

/** `{,` `[,` `,,` `,}` `,]` */
const isCommaTooMany = (token: Token, before = ',', after = '}') =>
  token.kind === ',' && ('{[,'.includes(before) || '}]'.includes(after))

/** `}{` of old bmminer, `""temp0"` of btminer in January 2023. */
const isCommaMissing = (before = '', kind: string) =>
  VALUE_ENDS.has(before) && VALUE_STARTS.has(kind)

/** WhatsMiner API 2.0.4 writes `["329":"2023-01-06"]`: the brackets become braces. */
const bracketed = (token: Token, open: Token[], isPairs: boolean): Token => {
  if (token.kind === '{' || token.kind === '[') {
    const opening: Token = token.kind === '[' && isPairs ? { kind: '[', text: '{' } : token
    open.push(opening)
    return opening
  }
  if (token.kind !== '}' && token.kind !== ']') return token
  const opening = open.pop()
  return token.kind === ']' && opening?.text === '{' ? { kind: ']', text: '}' } : token
}
