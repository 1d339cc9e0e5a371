import { defineConfig, stores } from '@adonisjs/limiter'

/** Counters live in PostgreSQL: a second process or a lost cache does not open the door. */
const limiterConfig = defineConfig({
  default: 'database',
  stores: {
    database: stores.database({ tableName: 'rate_limits', connectionName: 'login' }),
  },
})

export default limiterConfig

declare module '@adonisjs/limiter/types' {
  export interface LimitersList extends InferLimiters<typeof limiterConfig> {}
}
