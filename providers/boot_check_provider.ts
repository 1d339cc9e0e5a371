import type { ApplicationService } from '@adonisjs/core/types'

/** Stops the web process before it answers anybody when the database would not confine it. */
export default class BootCheckProvider {
  constructor(protected app: ApplicationService) {}

  async start() {
    // Generating types assembles the application without a database.
    if (this.app.getMode() === 'warmup') return
    const { refuseUnsafeRoles } = await import('#services/boot_check')
    await refuseUnsafeRoles()
  }
}
