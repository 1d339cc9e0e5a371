import { prettyPrintError } from '@adonisjs/core'
import { ignite } from './ignitor.js'

/** Runs jobs, schedules and the outbox until it is told to stop. */
const application = ignite().createApp('console')

try {
  await application.init()
  await application.boot()
  await application.start(async () => {
    const { refuseUnsafeRoles } = await import('#services/boot_check')
    await refuseUnsafeRoles()
    const { startWorker } = await import('#services/worker')
    await startWorker(application)
  })
} catch (error) {
  await prettyPrintError(error)
  process.exit(1)
}
