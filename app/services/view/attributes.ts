type Attributes = Record<string, unknown>
type Stringify = (values: Attributes) => unknown
type Escape = (text: string) => string

/**
 * `html.attrs` of Edge writes values as they are: a name with a quote in it would become attributes
 * of its own, and htmx acts on those. This one escapes every text first; names are those of the
 * views.
 */
export function escapedAttributes(stringify: Stringify, escape: Escape): Stringify {
  const escaped = (value: unknown): unknown => {
    if (typeof value === 'string') return escape(value)
    if (Array.isArray(value)) return value.map(escaped)
    // Classes by condition, and properties of Alpine.
    if (typeof value === 'object' && value?.constructor === Object) {
      const entries = Object.entries(value)
      return Object.fromEntries(entries.map(([key, one]) => [escape(key), escaped(one)]))
    }
    return value
  }
  return (values) => stringify(escaped(values) as Attributes)
}
