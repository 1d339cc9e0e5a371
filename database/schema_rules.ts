import type { SchemaRules } from '@adonisjs/lucid/types/schema_generator'

/** How column types of PostgreSQL become types of the generated models. */
export default {
  types: {
    bigint: {
      tsType: 'bigint',
      imports: [{ source: '#core/columns', namedImports: ['bigintColumn'] }],
      decorators: [{ name: '@bigintColumn' }],
    },
  },
} satisfies SchemaRules
