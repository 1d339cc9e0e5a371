import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import Batch from '../models/batch.js'

/** A batch that the actor may see; a foreign one is as missing as one that never was. */
export async function findBatch(id: unknown): Promise<Batch> {
  const batch = isId(id) ? await Batch.find(id) : null
  if (!batch) throw new E_NOT_FOUND()
  return batch as Batch
}

/** The same, held against others until the transaction ends. */
export async function lockBatch(id: unknown): Promise<Batch> {
  await findBatch(id)
  const batch: Batch | null = await Batch.query().where('id', String(id)).forUpdate().first()
  if (!batch) throw new E_NOT_FOUND()
  return batch
}
