import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { defineError } from '#core/errors'

/** Text that PostgreSQL cannot store: a NUL, or half of a character. No keyboard sends it. */
const E_TEXT_UNREADABLE = defineError('The text cannot be read', 'E_TEXT_UNREADABLE', 400)

const isUnreadable = (text: string) => text.includes('\0') || !text.isWellFormed()

/** Looks at every key and value, however deep, without recursion: the depth comes from outside. */
function hasUnreadable(input: unknown): boolean {
  const open: unknown[] = [input]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value === 'string' && isUnreadable(value)) return true
    if (typeof value !== 'object' || value === null) continue
    for (const [key, child] of Object.entries(value)) open.push(key, child)
  }
  return false
}

/** Refuses bodies that would otherwise be an error of the database somewhere further on. */
export default class ReadableTextMiddleware {
  handle({ request }: HttpContext, next: NextFn) {
    if (hasUnreadable(request.body()) || hasUnreadable(request.qs())) throw new E_TEXT_UNREADABLE()
    return next()
  }
}
