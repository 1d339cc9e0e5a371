/** How long `npm start` takes with installed packages: on an empty data folder, and again. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { report } from './support/figures.js'
import { freePort, startProcess, waitFor } from './support/portal.js'

const WARM_STARTS = 3
const OURS =
  /^(DATABASE|LOGIN_DATABASE|QUEUE_DATABASE|INGEST_DATABASE|APP_|PORTAL_HOME|PORT$|HI_|DEMO$)/

const home = mkdtempSync(join(tmpdir(), 'hashinsight-boot-'))
const outside = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)))

/** Milliseconds from the start of the command until the portal says that it is ready. */
async function start() {
  const port = await freePort()
  const env = { ...outside, PORTAL_HOME: join(home, 'data'), PORT: String(port) }
  const began = performance.now()
  const portal = startProcess(['scripts/run.mjs', 'start'], env)
  try {
    await waitFor(`http://127.0.0.1:${port}/health/ready`, 180_000)
    return Math.round(performance.now() - began)
  } finally {
    await portal.stop()
  }
}

try {
  const coldMs = await start()
  const warm: number[] = []
  for (let index = 0; index < WARM_STARTS; index++) warm.push(await start())
  report('npm start, packages installed', {
    coldMs,
    warmMs: warm.sort((a, b) => a - b)[Math.floor(WARM_STARTS / 2)]!,
    warmMinMs: warm[0]!,
    warmMaxMs: warm.at(-1)!,
  })
} finally {
  rmSync(home, { recursive: true, force: true })
}
