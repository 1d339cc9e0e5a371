/**
 * A list of miners: how long it takes to check, to apply, to check again (all the same) and to write,
 * and how far memory goes.
 */
import { buffer } from 'node:stream/consumers'
import { report } from './support/figures.js'
import { bootApplication } from './support/portal.js'

const ROWS = Number(process.argv[2] ?? 50_000)

const app = await bootApplication()
// The database can only be imported once the application is there.
const { default: i18nManager } = await import('@adonisjs/i18n/services/main')
const { asSystem, makeSite, makeTenant } = await import('../tests/helpers.js')
const { default: MinerImport } = await import('../plugins/fleet/models/miner_import.js')
const { applyImport } = await import('../plugins/fleet/services/import_apply.js')
const { default: Miner } = await import('../plugins/fleet/models/miner.js')
const { changeMany } = await import('../plugins/fleet/services/page_many_changes.js')
const { minersCsv, minersXlsx } = await import('../plugins/fleet/services/import_export.js')
const { checkImport, keepImport } = await import('../plugins/fleet/services/import_store.js')

function listOf(count: number): Buffer {
  const lines = Array.from({ length: count }, (_, no) => {
    const hex = no.toString(16).padStart(6, '0')
    const mac = `02:aa:00:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4)}`
    const ip = `10.${Math.floor(no / 62_500)}.${Math.floor(no / 250) % 250}.${(no % 250) + 1}`
    const place = `R${Math.floor(no / 60)},${Math.floor(no / 10) % 6},${no % 10}`
    return `${mac},SN${String(no).padStart(10, '0')},${ip},Antminer,S21,miner ${no},farm.${no},${place},200,3500`
  })
  const head = 'mac,serial,ip,make,model,name,worker,rack,row,index,hashrate,power'
  return Buffer.from(`${head}\n${lines.join('\n')}\n`)
}

let peakBytes = 0
const watch = setInterval(() => {
  peakBytes = Math.max(peakBytes, process.memoryUsage().rss)
}, 20)

async function timed<T>(work: () => Promise<T>) {
  const began = performance.now()
  const answer = await work()
  return { answer, seconds: Number(((performance.now() - began) / 1000).toFixed(2)) }
}

try {
  const tenant = await makeTenant()
  const siteId = await asSystem(tenant, () => makeSite())
  const file = listOf(ROWS)
  const check = (content: Buffer) =>
    timed(() =>
      asSystem(tenant, async () => {
        const list = await keepImport('list', content)
        await checkImport(list, { siteId })
        return { id: list.id, counts: list.counts }
      })
    )
  const before = process.memoryUsage().rss
  const checked = await check(file)
  const applied = await timed(() =>
    asSystem(tenant, async () => {
      const list = await MinerImport.own(checked.answer.id)
      return applyImport(list, list.planHash!)
    })
  )
  const again = await check(file)
  const i18n = i18nManager.locale('en')
  const written = await timed(() => asSystem(tenant, async () => buffer(minersCsv(i18n, null))))
  const book = await timed(() => asSystem(tenant, async () => buffer(minersXlsx(i18n, null))))
  const fromBook = await check(book.answer)
  const all = await asSystem(tenant, () => Miner.query().select('id'))
  const ids = all.map(({ id }: { id: string }) => id)
  const changed = await timed(() => asSystem(tenant, () => changeMany(ids, { act: 'maintenance' })))
  clearInterval(watch)
  report('import of a list', {
    rows: ROWS,
    fileBytes: file.length,
    checkSeconds: checked.seconds,
    added: checked.answer.counts.new ?? 0,
    applySeconds: applied.seconds,
    isApplied: String(applied.answer),
    checkAgainSeconds: again.seconds,
    same: again.answer.counts.same ?? 0,
    csvSeconds: written.seconds,
    xlsxSeconds: book.seconds,
    checkXlsxSeconds: fromBook.seconds,
    sameFromXlsx: fromBook.answer.counts.same ?? 0,
    changedAtOnce: changed.answer,
    changeSeconds: changed.seconds,
    peakMebibytes: Math.round(peakBytes / 2 ** 20),
    startMebibytes: Math.round(before / 2 ** 20),
  })
} finally {
  await app.terminate()
}
