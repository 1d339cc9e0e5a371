/** How quick the calculator is: the pure core alone, its page at 20 requests a second, a batch. */
import { batchBench } from './support/calculator_batch.js'
import { coreRowsPerSecond } from './support/calculator_core.js'
import { projectionTimes } from './support/calculator_projection.js'
import { percentile, report } from './support/figures.js'
import { bootApplication, startWeb } from './support/portal.js'

const PER_SECOND = 20
const SECONDS = Number(process.argv[2] ?? 15)
const WARM_UP = 40

const question = (index: number) =>
  new URLSearchParams({
    count: '1000',
    hashrateThs: '200',
    powerW: '3550',
    usdPerKwh: String(0.03 + (index % 50) / 1000),
    poolFeePct: '2.5',
    btcUsd: String(60_000 + (index % 97) * 500),
    difficulty: '119.12 T',
  })

/** A signed-in member: guests are limited, and a page of a member costs more. */
async function makeVisitor() {
  const { makeMember, makeTenant } = await import('../tests/helpers.js')
  const { sessionCookie } = await import('../tests/session_client.js')
  const { user } = await makeMember(await makeTenant(), 'operator')
  const { name, value } = await sessionCookie(user)
  return `${name}=${value}`
}

async function ask(url: string, index: number, cookie: string) {
  const began = performance.now()
  const response = await fetch(`${url}/calculator?${question(index)}`, { headers: { cookie } })
  const body = await response.text()
  if (response.status !== 200 || !body.includes('calculator-answer')) {
    throw new Error(`no answer: ${response.status}`)
  }
  return performance.now() - began
}

const app = await bootApplication()
const cookie = await makeVisitor()
const web = await startWeb()
try {
  for (let index = 0; index < WARM_UP; index++) await ask(web.url, index, cookie)
  const asked: Promise<number>[] = []
  const began = performance.now()
  for (let index = 0; index < PER_SECOND * SECONDS; index++) {
    const due = began + (index * 1000) / PER_SECOND
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())))
    asked.push(ask(web.url, index, cookie))
  }
  const times = await Promise.all(asked)
  await web.stop()
  const batch = await batchBench()
  const core = await coreRowsPerSecond()
  report('Calculator', {
    coreRowsPerSecond: Math.round(core.coreRowsPerSecond),
    coreRows: core.rows,
    ...projectionTimes(),
    pageRequests: times.length,
    pageP50Ms: Math.round(percentile(times, 0.5) * 10) / 10,
    pageP95Ms: Math.round(percentile(times, 0.95) * 10) / 10,
    pageMaxMs: Math.round(Math.max(...times) * 10) / 10,
    ...batch,
  })
} finally {
  await web.stop()
  await app.terminate()
}
