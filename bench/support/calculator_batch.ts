import { setInterval as every } from 'node:timers'

/** From a CSV in memory to stored results, in this process, which does nothing else. */
export interface BatchBench {
  batchRows: number
  batchRowsPerSecond: number
  jobSeconds: number
  peakMb: number
  refusedRows: number
}

/** A fleet in which one row of a hundred cannot be priced. */
export function fleetCsv(rows: number) {
  const models = [
    'Antminer S21',
    'S19 XP',
    'M60S',
    'antminer s19j pro',
    'Avalon A1466',
    'SEALMINER A2',
  ]
  const lines = ['Name,Model,Quantity,Hashrate (TH/s),Power (W),Electricity ($/kWh),Pool fee (%)']
  for (let row = 1; row <= rows; row++) {
    const tariff = (0.03 + (row % 700) / 10_000).toFixed(4)
    const count = 1 + (row % 40)
    if (row % 100 === 50) lines.push(`rig ${row},Unknown X${row},${count},,,${tariff},2`)
    else if (row % 3 === 0)
      lines.push(`rig ${row},,${count},${90 + (row % 300)},${2800 + (row % 2700)},${tariff},2`)
    else lines.push(`rig ${row},${models[row % models.length]},${count},,,${tariff},2`)
  }
  return `${lines.join('\n')}\n`
}

export async function batchBench(rows = 100_000): Promise<BatchBench> {
  const { makeTenant } = await import('../../tests/helpers.js')
  const support = await import('../../plugins/calculator/tests/support/batches.js')
  const tenant = await makeTenant()
  const { btcUsd, difficulty, subsidySats, feesSatsPerBlock } = support.SHARED
  const shared = { btcUsd, difficulty, subsidySats, feesSatsPerBlock }
  const id = await support.makeBatch(tenant, fleetCsv(rows), shared)
  let peak = 0
  const look = () => (peak = Math.max(peak, process.memoryUsage.rss()))
  const watch = every(look, 20)
  const began = performance.now()
  await support.workOffIn(tenant, id)
  const jobSeconds = (performance.now() - began) / 1000
  clearInterval(watch)
  look()
  const batch = await support.batchIn(tenant, id)
  return {
    batchRows: batch.rowsPriced + batch.rowsRefused,
    batchRowsPerSecond: Math.round(rows / jobSeconds),
    jobSeconds: Math.round(jobSeconds * 100) / 100,
    peakMb: Math.round(peak / 1024 / 1024),
    refusedRows: batch.rowsRefused,
  }
}
