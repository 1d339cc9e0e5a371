import { prettyPrintError } from '@adonisjs/core'
import { setFlagsFromString } from 'node:v8'
import { ignite } from './ignitor.js'

// A worker has time but shares its machine: collecting early halves what a long job holds at its peak.
setFlagsFromString('--optimize-for-size')

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
