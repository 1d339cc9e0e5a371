import { asObject, at, textAt } from '../../values/json.js'
import { toWhatsminerModel } from '../../values/text.js'
import type { Identity, Session } from '../contract.js'

/**
 * Who answers `get.device.info` on 4433. Null: nobody, or somebody else. An open port says nothing:
 * others listen there as well, with TLS for instance.
 */
export const askV3Identity = async (session: Session): Promise<Identity | null> => {
  const info = await session.ask('get.device.info', () => session.wire.v3('get.device.info'))
  const msg = asObject(at(info, 'msg'))
  const model = toWhatsminerModel(textAt(asObject(at(msg, 'miner')), 'type'))
  const firmware = textAt(asObject(at(msg, 'system')), 'fwversion')
  if (model === null && firmware === null) return null
  return { driver: 'whatsminer_v3', make: 'WhatsMiner', firmware_family: 'stock', model }
}
