import { prettyPrintError } from '@adonisjs/core'
import { ignite } from './ignitor.js'

ignite()
  .ace()
  .handle(process.argv.splice(2))
  .catch(async (error) => {
    // Half-opened connections would keep the process alive for ever.
    await prettyPrintError(error)
    process.exit(1)
  })
