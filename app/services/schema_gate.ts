import { readFile } from 'node:fs/promises'
import app from '@adonisjs/core/services/app'
import type { QueryClientContract } from '@adonisjs/lucid/types/database'

/** A hole in the isolation of tenants: the rule that found it and the object that has it. */
export interface Violation {
  rule: string
  object: string
}

/** A role that the gate takes in place of the product's own; for its tests. */
export type GateRoles = Partial<Record<'app' | 'login' | 'jobs' | 'ingest', string>>

const gateSql = () => readFile(app.makePath('database/gate.sql'), 'utf8')

/**
 * Judges the schema that this connection sees, by the catalogue of the database alone: what the
 * code says does not count. Empty when tenants are kept apart.
 */
export async function schemaViolations(
  client: QueryClientContract,
  roles: GateRoles = {}
): Promise<Violation[]> {
  for (const [kind, name] of Object.entries(roles)) {
    await client.rawQuery(`select set_config(?, ?, true)`, [`gate.${kind}`, name])
  }
  const { rows } = (await client.rawQuery(await gateSql())) as { rows: Violation[] }
  return rows
}
