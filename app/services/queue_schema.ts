import pg from 'pg'
import { runMigrations } from 'bullmq'
import env from '#start/env'

const SCHEMA = 'bullmq'

/** What the queue's own login needs, now and for what BullMQ makes later; all of it in one schema. */
const grants = (role: string) => `
  grant usage, create on schema ${SCHEMA} to ${role};
  grant select, insert, update, delete, truncate on all tables in schema ${SCHEMA} to ${role};
  do $$ declare made text; begin
    -- Sequences that the queue's login made at run time are its own already.
    for made in select quote_ident(sequencename) from pg_sequences
      where schemaname = '${SCHEMA}' and sequenceowner = current_user
    loop execute format('grant usage, select, update on sequence ${SCHEMA}.%s to ${role}', made);
    end loop; end $$;
  grant execute on all functions in schema ${SCHEMA} to ${role};
  alter default privileges in schema ${SCHEMA}
    grant select, insert, update, delete, truncate on tables to ${role};
  alter default privileges in schema ${SCHEMA} grant usage, select, update on sequences to ${role};
  alter default privileges in schema ${SCHEMA} grant execute on functions to ${role};`

/**
 * Brings BullMQ's tables up to date as the owner and opens them to the queue's login. BullMQ makes a
 * sequence per queue at run time, hence CREATE, in this schema only. Can be called again and again.
 */
export async function migrateQueueSchema(ownerUrl: string) {
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await runMigrations(client as never, SCHEMA)
    await client.query(`revoke all on schema ${SCHEMA} from public`)
    const role = await queueRole(client)
    if (role) await client.query(grants(client.escapeIdentifier(role)))
  } finally {
    await client.end()
  }
}

/** The login of QUEUE_DATABASE_URL, or null where the owner itself works the queue. */
async function queueRole(client: pg.Client) {
  const url = env.get('QUEUE_DATABASE_URL')
  const name = url ? decodeURIComponent(new URL(url).username) : ''
  const { rows } = await client.query(
    'select rolname as name from pg_roles where rolname = $1 and rolname <> current_user',
    [name]
  )
  return rows[0]?.name as string | undefined
}
