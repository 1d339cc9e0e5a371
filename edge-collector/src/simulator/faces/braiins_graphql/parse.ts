/** A field that is asked for, with what is asked of it. */
export interface Field {
  name: string
  alias: string
  arguments: Record<string, unknown>
  /** Null: a leaf. */
  fields: Selection[] | null
}

/** `... on Type { … }` */
export interface Fragment {
  on: string
  fields: Selection[]
}

export type Selection = Field | Fragment

export const isFragment = (selection: Selection): selection is Fragment => 'on' in selection

/** A question that cannot be read. */
export class GraphqlError extends Error {}

const TOKEN = /"(?:[^"\\]|\\.)*"|\.\.\.|[A-Za-z_]\w*|-?\d+(?:\.\d+)?|[{}()[\]:$!=@]/g
const DEEPEST = 20

/**
 * As much of GraphQL's language as tools for miners use: one operation, arguments, variables,
 * aliases and inline fragments.
 */
export const parseQuery = (query: string, variables: Record<string, unknown>): Selection[] => {
  const parser = new Parser(query.replace(/#[^\n]*/g, '').match(TOKEN) ?? [], variables)
  return parser.operation()
}

class Parser {
  readonly #tokens: readonly string[]
  readonly #variables: Record<string, unknown>
  #at = 0

  constructor(tokens: readonly string[], variables: Record<string, unknown>) {
    this.#tokens = tokens
    this.#variables = variables
  }

  operation(): Selection[] {
    if (this.#isNext('{')) return this.#fields(0)
    const kind = this.#take()
    if (kind !== 'query' && kind !== 'mutation') throw new GraphqlError('Syntax error')
    // Its name and the types of its variables say nothing new.
    while (!this.#isNext('{')) this.#take()
    return this.#fields(0)
  }

  #isNext(token: string): boolean {
    return this.#tokens[this.#at] === token
  }

  #take(expected?: string): string {
    const token = this.#tokens[this.#at++]
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new GraphqlError(`Syntax error: unexpected ${token ?? 'end'}`)
    }
    return token
  }

  #fields(depth: number): Selection[] {
    if (depth > DEEPEST) throw new GraphqlError('Query is nested too deep')
    const fields: Selection[] = []
    this.#take('{')
    while (!this.#isNext('}')) fields.push(this.#selection(depth))
    this.#take('}')
    return fields
  }

  #selection(depth: number): Selection {
    if (!this.#isNext('...')) return this.#field(depth)
    this.#take('...')
    this.#take('on')
    return { on: this.#take(), fields: this.#fields(depth + 1) }
  }

  #field(depth: number): Field {
    const alias = this.#take()
    const name = this.#isNext(':') ? (this.#take(), this.#take()) : alias
    return {
      name,
      alias,
      arguments: this.#isNext('(') ? this.#pairs('(', ')') : {},
      fields: this.#isNext('{') ? this.#fields(depth + 1) : null,
    }
  }

  #pairs(open: string, close: string): Record<string, unknown> {
    const pairs: Record<string, unknown> = {}
    this.#take(open)
    while (!this.#isNext(close)) {
      const name = this.#take()
      this.#take(':')
      pairs[name] = this.#value()
    }
    this.#take(close)
    return pairs
  }

  #value(): unknown {
    if (this.#isNext('{')) return this.#pairs('{', '}')
    const token = this.#take()
    if (token === '$') return this.#variables[this.#take()]
    if (token === '[') return this.#list()
    if (/^["\d-]/.test(token)) return JSON.parse(token)
    if (token === 'null') return null
    return token === 'true' || token === 'false' ? token === 'true' : token
  }

  #list(): unknown[] {
    const list: unknown[] = []
    while (!this.#isNext(']')) list.push(this.#value())
    this.#take(']')
    return list
  }
}
