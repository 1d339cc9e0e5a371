import type { ApplicationService } from '@adonisjs/core/types'
import db from '@adonisjs/lucid/services/db'
import { MigrationRunner } from '@adonisjs/lucid/migration'
import env from '#start/env'
import { seedDemo } from '#services/demo'
import { installed } from '#services/registry'

interface Options {
  /** Whether to write what plugins share and, unless DEMO=0, the demo tenant. */
  seed: boolean
  say: (line: string) => void
}

/** Migrates as the owner, then lets every plugin bring its shared data up to date, then the demo. */
export async function prepare(app: ApplicationService, { seed, say }: Options) {
  await migrate(app, say)
  for (const plugin of installed) {
    const step = await plugin.prepare?.()
    await step?.default(say)
  }
  if (seed && env.get('DEMO') !== '0') await seedDemo(say)
}

async function migrate(app: ApplicationService, say: (line: string) => void) {
  const runner = new MigrationRunner(db, app, {
    direction: 'up',
    connectionName: 'owner',
    dryRun: false,
  })
  await runner.run()
  if (runner.error) throw runner.error
  const done = Object.values(runner.migratedFiles).filter((file) => file.status === 'completed')
  say(done.length > 0 ? `migrated: ${done.length} steps` : 'tables are up to date')
  await migrateQueue()
}

/** The queue's own tables, in its own schema, made by the owner like ours. */
async function migrateQueue() {
  const { migrateQueueSchema } = await import('#services/queue_schema')
  await migrateQueueSchema(env.get('DATABASE_OWNER_URL')!)
}
