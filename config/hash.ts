import { defineConfig, drivers } from '@adonisjs/core/hash'

/** Passwords use `#services/passwords` (argon2id of Node); this is what the framework's own helpers get. */
export default defineConfig({
  default: 'scrypt',
  list: {
    scrypt: drivers.scrypt({
      cost: 131_072,
      blockSize: 8,
      parallelization: 1,
      maxMemory: 268_435_456,
    }),
  },
})

declare module '@adonisjs/core/types' {
  export interface HashersList {
    scrypt: ReturnType<typeof drivers.scrypt>
  }
}
