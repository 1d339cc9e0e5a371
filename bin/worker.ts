import { prettyPrintError } from '@adonisjs/core'
import { setFlagsFromString } from 'node:v8'
import { ignite } from './ignitor.js'

// A worker shares its machine: a heap that grows slowly and is collected early holds half as much
// at the peak of a long job.
setFlagsFromString('--heap-growing-percent=30')
setFlagsFromString('--semi-space-growth-factor=1')

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
