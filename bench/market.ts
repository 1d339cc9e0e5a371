/** How long the server needs for the pages of the market with a decade of history in them. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { percentile, report } from './support/figures.js'
import { timesOf } from './support/page_times.js'
import { bootApplication, startWeb } from './support/portal.js'

const REQUESTS = Number(process.argv[2] ?? 60)

/** Name of the figure → the address. */
const PAGES: Record<string, string> = {
  overview: '/market',
  overviewAll: '/market?range=all&scale=log',
  epochs: '/market/epochs',
  series: '/market/series',
  widget: '/market/latest',
  historyCsv: '/market/history.csv?series=hashprice&range=all',
}

async function makeVisitor() {
  const { makeMember, makeTenant } = await import('../tests/helpers.js')
  const { sessionCookie } = await import('../tests/session_client.js')
  const { user } = await makeMember(await makeTenant(), 'operator')
  const { name, value } = await sessionCookie(user)
  return `${name}=${value}`
}

const tenths = (value: number) => Math.round(value * 10) / 10

const app = await bootApplication()
// The database can only be imported once the application is there.
const { fillMarket } = await import('./support/market_history.js')
const data = resolve('..', 'shared', 'data')
const { rows, importSeconds } = await fillMarket(existsSync(data) ? data : null, new Date())
const cookie = await makeVisitor()
const web = await startWeb()
try {
  const figures: Record<string, number> = { rows, importSeconds: tenths(importSeconds) }
  for (const [name, path] of Object.entries(PAGES)) {
    const times = await timesOf(web.url + path, { cookie, requests: REQUESTS })
    figures[`${name}P50Ms`] = tenths(percentile(times, 0.5))
    figures[`${name}P95Ms`] = tenths(percentile(times, 0.95))
  }
  report('Market pages with a decade of history', figures)
} finally {
  await web.stop()
  await app.terminate()
}
