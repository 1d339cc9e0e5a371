import { readFileSync } from 'node:fs'
import { startProcess } from './portal.js'

/** From a text in the database to stored results. */
export type BatchBench = {
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

/**
 * A worker of its own, as in production, takes the batch from the queue: from the moment somebody
 * presses the button to the last stored row. Memory is the high-water mark of that process.
 */
export async function batchBench(rows = 100_000): Promise<BatchBench> {
  const { makeTenant } = await import('../../tests/helpers.js')
  const { batchIn, makeBatch, SHARED } =
    await import('../../plugins/calculator/tests/support/batches.js')
  const { btcUsd, difficulty, subsidySats, feesSatsPerBlock } = SHARED
  const worker = await startWorker()
  try {
    const tenant = await makeTenant()
    const shared = { btcUsd, difficulty, subsidySats, feesSatsPerBlock }
    const id = await makeBatch(tenant, fleetCsv(rows), shared)
    const began = performance.now()
    const batch = await ended(() => batchIn(tenant, id))
    const jobSeconds = (performance.now() - began) / 1000
    return {
      batchRows: batch.rowsPriced + batch.rowsRefused,
      batchRowsPerSecond: Math.round(rows / jobSeconds),
      jobSeconds: Math.round(jobSeconds * 100) / 100,
      peakMb: peakMbOf(worker.pid),
      refusedRows: batch.rowsRefused,
    }
  } finally {
    await worker.stop()
  }
}

/** A worker that is up: it has written its first heartbeat. */
async function startWorker() {
  const { DATABASE_OWNER_URL: _, ...env } = process.env
  const worker = startProcess(['--import=@poppinss/ts-exec', 'bin/worker.ts'], {
    ...env,
    NODE_ENV: 'production',
  })
  const { default: db } = await import('@adonisjs/lucid/services/db')
  await until(
    async () =>
      (await db.connection('login').from('worker_heartbeats').where('pid', worker.pid)).length > 0
  )
  return worker
}

async function ended<T extends { isOpen: boolean; state: string }>(look: () => Promise<T>) {
  await until(async () => !(await look()).isOpen)
  const batch = await look()
  if (batch.state !== 'done') throw new Error(`the batch ended as ${batch.state}`)
  return batch
}

async function until(ask: () => Promise<boolean>, limitMs = 60_000) {
  const end = performance.now() + limitMs
  while (!(await ask())) {
    if (performance.now() > end) throw new Error('the worker did not get there')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** The most that the process ever held, by the kernel's count. */
const peakMbOf = (pid: number) => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024)
}
