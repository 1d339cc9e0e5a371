import type { I18n } from '@adonisjs/i18n'
import { errors } from '@vinejs/vine'
import { BadInput } from '#core/errors'

/** A sentence of a schema, or the key of one (BadInput). */
export interface RawMessage {
  field: string
  message?: string
  key?: string
  args?: Record<string, string | number>
  rule?: string
}

/** Every fault as a sentence in the language of the person. */
export const sentencesOf = (messages: readonly RawMessage[], i18n: I18n) =>
  messages.map(({ field, message, key, args, rule }) => ({
    field,
    message: message ?? i18n.formatMessage(key ?? 'errors.status.422', args),
    rule: rule ?? key,
  }))

/** Field → sentences about it, or null when the error is not about input. */
export function messagesOf(error: unknown, i18n: I18n): Record<string, string[]> | null {
  const isInput = error instanceof BadInput || error instanceof errors.E_VALIDATION_ERROR
  if (!isInput) return null
  const messages: Record<string, string[]> = {}
  for (const { field, message } of sentencesOf(error.messages as readonly RawMessage[], i18n)) {
    ;(messages[field] ??= []).push(message)
  }
  return messages
}
