import db from '@adonisjs/lucid/services/db'
import { defineError } from '#core/errors'

/** The installation has no login for telemetry: INGEST_DATABASE_URL is not set. */
const E_NO_INGEST = defineError('This portal takes no telemetry yet', 'E_NO_INGEST', 503)

/**
 * Adds rows to a table of samples as the role that may do that and nothing else: it reads nothing
 * and stands outside row-level security, so tenant and miner must come from the signed machine,
 * never from what it sent. The statement has one `?` for each list.
 */
export async function insertSamples(statement: string, lists: readonly string[]) {
  if (!db.manager.has('ingest')) throw new E_NO_INGEST()
  await db.connection('ingest').rawQuery(statement, [...lists])
}

/** Numbers, booleans and nulls as an array literal of PostgreSQL: far cheaper than one by one. */
export const plainArray = (values: readonly (number | boolean | null | undefined)[]) =>
  `{${values.map((value) => value ?? 'null').join(',')}}`

/** Texts as an array literal of PostgreSQL. */
export const textArray = (values: readonly (string | null | undefined)[]) =>
  `{${values
    .map((value) =>
      value === null || value === undefined ? 'null' : `"${value.replaceAll(/["\\]/g, '\\$&')}"`
    )
    .join(',')}}`
