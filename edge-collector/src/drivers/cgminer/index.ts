import { emptyReading, type Reading } from '../../../protocol/record.js'
import { SCORES, versionMarks } from '../../discovery/marks.js'
import { at, rowOf, textAt } from '../../values/json.js'
import { mhsToThs } from '../../values/units.js'
import type { JsonObject } from '../../wire/contract.js'
import { askPools, isDown, toCounters } from '../cgminer_answers.js'
import type { Driver, Identity, Session } from '../contract.js'
import { joining } from '../joined.js'
import { toBoards } from './boards.js'

const IDENTITY: Identity = {
  driver: 'cgminer',
  make: null,
  firmware_family: 'cgminer',
  model: null,
}

/** Whatever speaks the cgminer API and is no family that we know better; read only. */
export const cgminer: Driver = {
  name: 'cgminer',
  label: 'cgminer',
  evidence: 'recorded',
  claim: (probe) =>
    /"VERSION":\[/.test(versionMarks(probe))
      ? [{ ...IDENTITY, score: SCORES.genericApi, isCertain: true }]
      : [],
  confirm: async (session) =>
    rowOf(await session.rpc('version'), 'VERSION') ? { ...IDENTITY } : null,
  read: async (plain: Session): Promise<Reading> => {
    const answer = await plain.rpc('version')
    if (answer === null && isDown(plain)) return emptyReading()
    const version = rowOf(answer, 'VERSION')
    // Others that speak like it may never have been asked several things at once.
    const isItself = textAt(version, 'CGMiner') !== null
    const session = isItself ? await joining(plain, ['summary', 'devs', 'pools']) : plain
    const summary = rowOf(await session.rpc('summary'), 'SUMMARY')
    return {
      ...emptyReading(),
      firmware_family: 'cgminer',
      firmware_version: textAt(version, 'CGMiner', 'BMMiner', 'BFGMiner'),
      api_version: textAt(version, 'API'),
      ...toCounters(summary),
      ...toHashrates(summary),
      hashboards: toBoards(await session.rpc('devs')),
      // Fans are no part of this API.
      fans: [],
      pools: await askPools(session),
    }
  },
  capabilities: () => [],
}

const toHashrates = (summary: JsonObject | null) => ({
  hashrate_ths: mhsToThs(at(summary, 'MHS 5s')),
  hashrate_avg_ths: mhsToThs(at(summary, 'MHS av')),
})
