import { type Json, type JsonObject, WireError } from './contract.js'
import { asObject, at, rowOf } from '../values/json.js'
import { cleanText } from '../values/text.js'
import { toNumber } from '../values/number.js'

/** What the API of a miner says against a question. */
export interface Refusal {
  /** Of cgminer or the WhatsMiner; null where the firmware has none. */
  code: number | null
  message: string
}

const INVALID_COMMAND = 14
/** "No ASCs": an empty list, not a fault. */
const NO_DEVICES = 10

/** A refusal by the API; knows whether the question itself is unknown to this firmware. */
export class ApiRefusal extends WireError {
  readonly code: number | null
  readonly isUnknownQuestion: boolean
  constructor(refusal: Refusal, isUnknownQuestion = refusal.code === INVALID_COMMAND) {
    super(
      'api_error',
      refusal.code === null ? refusal.message : `${refusal.code} ${refusal.message}`
    )
    this.code = refusal.code
    this.isUnknownQuestion = isUnknownQuestion
  }
}

/**
 * Whether an answer says no. STATUS is a list with one object (cgminer), an object (Antminer web) or
 * a letter (WhatsMiner); S, I and W mean yes. V3 has `code`, ePIC `result`. Null: it worked.
 */
export const refusalOf = (answer: Json): Refusal | null => {
  const object = asObject(answer)
  if (!object) return null
  if (at(object, 'STATUS') === undefined) return plainRefusal(object)
  const row = rowOf(object, 'STATUS') ?? object
  const letter = at(row, 'STATUS')
  if (letter !== 'E' && letter !== 'F') return null
  return { code: toNumber(at(row, 'Code')), message: messageOf(row, 'Msg') }
}

/** The answer, if it is an object that says yes. Throws WireError. */
export const judged = (answer: Json): JsonObject => {
  const refusal = refusalOf(answer)
  if (refusal && refusal.code !== NO_DEVICES) throw new ApiRefusal(refusal)
  const object = asObject(answer)
  if (!object) throw new WireError('not_json', 'an answer that is no object')
  return object
}

const plainRefusal = (object: { [key: string]: Json }): Refusal | null => {
  const code = at(object, 'code')
  if (typeof code === 'number' && code !== 0) return { code, message: messageOf(object, 'msg') }
  if (at(object, 'result') === false) return { code: null, message: messageOf(object, 'error') }
  return null
}

const messageOf = (object: { [key: string]: Json }, key: string) =>
  cleanText(at(object, key)) ?? 'refused without a reason'
