import { prettyPrintError } from '@adonisjs/core'
import { ignite } from './ignitor.js'

ignite()
  .httpServer()
  .start()
  .catch(async (error) => {
    // Half-opened connections would keep the process alive for ever.
    await prettyPrintError(error)
    process.exit(1)
  })
