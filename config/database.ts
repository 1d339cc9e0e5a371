import { existsSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import { defineConfig } from '@adonisjs/lucid'
import plugins from '#config/plugins'
import env from '#start/env'

/** The core's tables first, then each installed plugin's in boot order, enabled or not. */
const paths = ['database/migrations', ...plugins.map((plugin) => plugin.path('migrations'))]

const migrations = {
  naturalSort: true,
  paths: paths.filter((path) => existsSync(app.makePath(path))),
  tableName: 'schema_migrations',
}

/** Models start from these classes: `npm run ace schema:generate -- --connection=owner` writes them. */
const schemaGeneration = {
  enabled: true,
  outputPath: './database/schema.ts',
  rulesPaths: ['./database/schema_rules.ts'],
  excludeTables: ['schema_migrations', 'schema_migrations_versions', 'rate_limits'],
}

const connection = (url: string, max: number) => ({
  client: 'pg' as const,
  connection: { connectionString: url },
  pool: { min: 0, max },
  migrations,
  schemaGeneration,
})

const ownerUrl = env.get('DATABASE_OWNER_URL')
const ingestUrl = env.get('INGEST_DATABASE_URL')

export default defineConfig({
  connection: 'app',
  connections: {
    app: connection(env.get('DATABASE_URL'), 20),
    login: connection(env.get('LOGIN_DATABASE_URL'), 10),
    ...(ingestUrl ? { ingest: connection(ingestUrl, 8) } : {}),
    ...(ownerUrl ? { owner: connection(ownerUrl, 4) } : {}),
  },
})
