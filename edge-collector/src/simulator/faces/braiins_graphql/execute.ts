import { objectIn } from '../parts.js'
import { type Field, GraphqlError, isFragment, type Selection } from './parse.js'

/**
 * Picks what is asked for out of what there is. A function is a field with arguments or one that
 * does something. What is not there is unknown and spoils the whole question, as it does for the
 * firmware; `undefined` under a known key is a null.
 */
export const select = (value: unknown, fields: readonly Selection[], type = 'Query'): unknown => {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) return value.map((entry) => select(entry, fields, type))
  const object = objectIn(value)
  const picked: Record<string, unknown> = {}
  for (const selection of fields) {
    if (!isFragment(selection)) picked[selection.alias] = pick(object, selection, type)
    else if (object['__typename'] === selection.on) {
      Object.assign(picked, select(object, selection.fields, selection.on))
    }
  }
  return picked
}

const pick = (object: Record<string, unknown>, field: Field, type: string): unknown => {
  if (!Object.hasOwn(object, field.name)) {
    if (field.name === '__typename') return type
    throw new GraphqlError(`Unknown field "${field.name}" on type "${type}"`)
  }
  const found = object[field.name]
  const value = typeof found === 'function' ? found(field.arguments) : found
  if (field.fields === null) return value ?? null
  return select(value, field.fields, field.name)
}
