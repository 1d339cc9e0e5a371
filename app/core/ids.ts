import { randomUUIDv7 } from 'node:crypto'

/** A new UUIDv7: unique anywhere and sorted by time, so that indexes stay compact. */
export const newId = () => randomUUIDv7()

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text from outside is a UUID at all; anything else would be a database error. */
export const isId = (value: unknown): value is string =>
  typeof value === 'string' && UUID.test(value)
