import { Session } from 'node:inspector/promises'
import { bootApplication } from './support/portal.js'
import { fleetCsv } from './support/calculator_batch.js'
const app = await bootApplication()
const { makeTenant } = await import('../tests/helpers.js')
const support = await import('../plugins/calculator/tests/support/batches.js')
const tenant = await makeTenant()
const { btcUsd, difficulty, subsidySats, feesSatsPerBlock } = support.SHARED
const id = await support.makeBatch(tenant, fleetCsv(20000), { btcUsd, difficulty, subsidySats, feesSatsPerBlock })
const s = new Session(); s.connect()
await s.post('HeapProfiler.startSampling', { samplingInterval: 16384, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true } as never)
await support.workOffIn(tenant, id)
const { profile } = await s.post('HeapProfiler.stopSampling')
const self: Record<string, number> = {}
const walk = (n: any) => { const k = n.callFrame.functionName + ' ' + n.callFrame.url.split('/').slice(-2).join('/') + ':' + n.callFrame.lineNumber; self[k] = (self[k] ?? 0) + n.selfSize; n.children.forEach(walk) }
walk(profile.head)
const total = Object.values(self).reduce((a, b) => a + b, 0)
console.log('total MB', total / 1e6)
for (const [k, v] of Object.entries(self).sort((a, b) => b[1] - a[1]).slice(0, 25)) console.log((v / 1e6).toFixed(1), k)
await app.terminate()
