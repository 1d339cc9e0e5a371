/**
 * Three days without the portal, in simulated time: the queue of a collector keeps its bound, thins
 * the oldest readings first and counts them, gives up no report; and when the real portal is back,
 * live data is on time while the past is filled up, and nothing is missing but what was counted.
 *
 *   npm run prove -- outage [--short] [--hours N] [--miners N] [--poll-seconds N]
 *     [--flush-seconds N] [--queue-mb N]
 *
 * The outage leaps from one wish to wake up to the next; from the return on time is that of this
 * machine, so the lags are real ones. The last line is JSON. Exit code 1 when anything is wrong.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bootApplication } from '../bench/support/portal.js'
import { outageScale } from './support/outage_story.js'

const { values } = parseArgs({
  options: {
    'short': { type: 'boolean' },
    'hours': { type: 'string' },
    'miners': { type: 'string' },
    'poll-seconds': { type: 'string' },
    'flush-seconds': { type: 'string' },
    'queue-mb': { type: 'string' },
  },
})
const scale = outageScale(values)
const app = await bootApplication()
const { proveOutage } = await import('./support/outage_proof.js')
const folder = mkdtempSync(join(tmpdir(), 'hi-outage-'))
try {
  const say = (line: string) => process.stderr.write(`${line}\n`)
  const result = await proveOutage({ scale, folder, say })
  process.stdout.write(`${JSON.stringify(result)}\n`)
  process.exitCode = result.isProven ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
  await app.terminate()
}
