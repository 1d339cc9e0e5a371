import { current } from '#core/current'
import type Batch from '../models/batch.js'

type Owner = Pick<Batch, 'tenantId' | 'id'>
type Transaction = <T>(work: () => Promise<T>) => Promise<T>

/** One piece of the text, or null after the last. */
async function pieceOf({ tenantId, id }: Owner, number: number): Promise<Buffer | null> {
  const row = await current
    .get()
    .client.from('calculator_batch_pieces')
    .where({ tenant_id: tenantId, batch_id: id, number })
    .select('bytes')
    .first()
  return row?.bytes ?? null
}

/** The beginning of the text, which the preview shows. */
export const firstPiece = async (batch: Owner) => (await pieceOf(batch, 0)) ?? Buffer.alloc(0)

/** The whole text, one piece in memory at a time, each read in a transaction of its own. */
export async function* piecesOf(batch: Owner, within: Transaction): AsyncGenerator<Buffer> {
  for (let number = 0; ; number++) {
    const at = number
    const piece = await within(() => pieceOf(batch, at))
    if (!piece) return
    yield piece
  }
}
