import { BaseCommand, flags } from '@adonisjs/core/ace'
import type { CommandOptions } from '@adonisjs/core/types/ace'
import db from '@adonisjs/lucid/services/db'
import { schemaViolations } from '#services/schema_gate'

/** Judges the database that is there, not the migrations: what somebody did by hand counts too. */
export default class GateSchema extends BaseCommand {
  static commandName = 'gate:schema'
  static description = 'Look for holes in the isolation of tenants in the database'
  static options: CommandOptions = { startApp: true }

  @flags.boolean({ description: 'Print JSON, and nothing else, to stdout' })
  declare json?: boolean

  async run() {
    if (!db.manager.has('owner')) {
      process.stderr.write('Set DATABASE_OWNER_URL: only the owner may read what is excused\n')
      this.exitCode = 1
      return
    }
    const violations = await schemaViolations(db.connection('owner'))
    if (violations.length > 0) this.exitCode = 1
    if (this.json) return void process.stdout.write(`${JSON.stringify({ violations })}\n`)
    for (const { rule, object } of violations) process.stdout.write(`${rule}: ${object}\n`)
    if (violations.length === 0) process.stdout.write('0 holes\n')
  }
}
