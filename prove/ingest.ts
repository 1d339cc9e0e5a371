/**
 * That nothing is lost, doubled or made up between the disk of an edge and the portal's database,
 * whatever breaks: simulated edges with the collector's own queue and uploader, the real portal and
 * worker, a real PostgreSQL, and a seeded plan of faults. Two edges that are broken on purpose show
 * that the check would notice.
 *
 *   npm run prove -- ingest [--short] [--seed N] [--edges N] [--miners N] [--faults N] [--ticks N]
 *
 * The last line is JSON. Exit code 1 when anything is wrong.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { bootApplication } from '../bench/support/portal.js'
import type { Scale } from './support/ingest_proof.js'

const FULL: Scale = { edges: 20, miners: 500, faults: 110, ticks: 160, tickMs: 1500 }
const SHORT: Scale = { edges: 3, miners: 40, faults: 13, ticks: 30, tickMs: 500 }

const { values } = parseArgs({
  options: {
    short: { type: 'boolean' },
    seed: { type: 'string' },
    edges: { type: 'string' },
    miners: { type: 'string' },
    faults: { type: 'string' },
    ticks: { type: 'string' },
  },
})
const scale = { ...(values.short ? SHORT : FULL) }
for (const name of ['edges', 'miners', 'faults', 'ticks'] as const) {
  if (values[name] !== undefined) scale[name] = Number(values[name])
}
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
const app = await bootApplication()
const { proveIngest } = await import('./support/ingest_proof.js')
const folder = mkdtempSync(join(tmpdir(), 'hi-prove-'))
try {
  const result = await proveIngest({
    scale,
    seed,
    folder,
    say: (line) => process.stderr.write(`${line}\n`),
  })
  process.stdout.write(`${JSON.stringify(result)}\n`)
  process.exitCode = result.isProven ? 0 : 1
} finally {
  rmSync(folder, { recursive: true, force: true })
  await app.terminate()
}
