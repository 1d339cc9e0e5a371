import { defineConfig, drivers } from '@adonisjs/core/encryption'
import env from '#start/env'

/** The first key encrypts; the one before it still opens what it closed, so that keys can rotate. */
const keys = [env.get('APP_KEY'), env.get('APP_KEY_PREVIOUS')].filter((key) => key !== undefined)

export default defineConfig({
  default: 'portal',
  list: { portal: drivers.aes256gcm({ id: 'portal', keys }) },
})

declare module '@adonisjs/core/types' {
  export interface EncryptorsList {
    portal: ReturnType<typeof drivers.aes256gcm>
  }
}
