import { prettyPrintError } from '@adonisjs/core'
import { ignite } from './ignitor.js'

ignite()
  .tap((app) => {
    // Here and not in a provider: `ace codegen` starts the providers too, without a database.
    app.starting(async () => {
      const { refuseUnsafeRoles } = await import('#services/boot_check')
      await refuseUnsafeRoles()
    })
  })
  .httpServer()
  .start()
  .catch(async (error) => {
    // Half-opened connections would keep the process alive for ever.
    await prettyPrintError(error)
    process.exit(1)
  })
