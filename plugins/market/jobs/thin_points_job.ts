import { defineInstallationJob } from '#core/jobs'
import { thinPoints } from '../services/thin_points.js'

/** Keeps fewer points the older they are, so that the table does not grow for ever. */
export default defineInstallationJob({ run: () => thinPoints(new Date()) })
