import { asSystem, type TestTenant } from '#tests/helpers'
import Batch from '../../models/batch.js'
import type { SharedInputs } from '../../services/batch_rows.js'
import { keepBatch, startBatch } from '../../services/batch_start.js'
import { batchText } from '../../services/batch_text.js'
import { type BatchWorker, workOff } from '../../services/batch_work.js'

/** Inputs that need no market. */
export const SHARED: SharedInputs = {
  btcUsd: 100_000,
  difficulty: 119_120_000_000_000,
  subsidySats: 312_500_000,
  feesSatsPerBlock: 0,
  usdPerKwh: 0.05,
  poolFeePct: 2.5,
  overheadPct: 0,
  fixedUsdPerDay: 0,
}

/** A batch of this text, mapped as its heads say. */
export const makeBatch = (tenant: TestTenant, text: string, shared = SHARED) =>
  asSystem(tenant, async () => {
    const batch = await keepBatch('fleet.csv', await batchText(Buffer.from(text)))
    batch.shared = shared
    await batch.save()
    await startBatch(batch)
    return batch.id
  })

/** Works as a job would, without a queue. */
export const workerIn = (tenant: TestTenant): BatchWorker => ({
  inTenant: (work) => asSystem(tenant, async () => await work()),
  progress: async () => undefined,
})

export const workOffIn = (tenant: TestTenant, id: string) => workOff(id, workerIn(tenant))

export const batchIn = (tenant: TestTenant, id: string) =>
  asSystem(tenant, () => Batch.findOrFail(id)) as Promise<Batch>
