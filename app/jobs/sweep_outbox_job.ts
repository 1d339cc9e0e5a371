import { defineInstallationJob } from '#core/jobs'
import { dispatchOutbox } from '#services/outbox'

/** Delivers what no dispatcher was there to deliver. */
export default defineInstallationJob({ run: () => dispatchOutbox() })
