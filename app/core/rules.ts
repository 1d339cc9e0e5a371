import { Engine, type RuleProperties } from 'json-rules-engine'
import type { TrackedEvent } from '#core/events'
import type { Schema } from '#core/plugin'

/** What a plugin adds to the words that an admin can write rules with. Texts are keys. */
export interface RuleVocabulary {
  /** Facts that any rule may read, whatever the event: a price, a balance, the hour of the day. */
  facts?: Record<string, { label: string; unit?: string; read: () => unknown }>
  operators?: Record<string, { label: string; test: (fact: unknown, value: unknown) => boolean }>
  /** What a rule may do. The schema is also the form that an admin fills in. */
  actions?: Record<
    string,
    {
      label: string
      params: Schema
      // eslint-disable-next-line @typescript-eslint/no-explicit-any
      run: (event: TrackedEvent, params: any) => Promise<unknown>
    }
  >
}

/** Which actions the rules ask for, given the facts. Decides only: nothing has happened yet. */
export async function decide(
  rules: RuleProperties[],
  facts: Record<string, unknown>,
  vocabulary: RuleVocabulary = {}
) {
  const engine = new Engine(rules, { allowUndefinedFacts: true })
  for (const [name, { test }] of Object.entries(vocabulary.operators ?? {})) {
    engine.addOperator(name, test)
  }
  for (const [name, { read }] of Object.entries(vocabulary.facts ?? {})) engine.addFact(name, read)
  const { events } = await engine.run(facts)
  return events
}
