import { report } from './support/figures.js'
import { bootApplication } from './support/portal.js'
import { batchBench } from './support/calculator_batch.js'
const app = await bootApplication()
report('Batch', (await batchBench()) as never)
await app.terminate()
