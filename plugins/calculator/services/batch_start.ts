import { enqueue } from '#core/jobs'
import Batch from '../models/batch.js'
import { guessReading } from './batch_reading.js'
import type { BatchText } from './batch_text.js'

/** Keeps a text as a batch that waits for somebody to look over how it is read. */
export async function keepBatch(name: string, text: BatchText) {
  return Batch.keep({ name, text, reading: await guessReading(text.kind, text.bytes) })
}

/** Sends a batch to the background, for the first time or again. */
export const startBatch = (batch: Batch) =>
  batch.start(() => enqueue('calculator.batch', { batchId: batch.id }))
