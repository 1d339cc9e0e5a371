import { current } from '#core/current'
import type { EdgeConfig, SignedConfig } from '#edge/protocol/messages'
import { configBytes, signBytes } from '#edge/protocol/signing'
import Collector from '../models/collector.js'
import { configKeyOf } from './config_keys.js'
import { meterConfigs } from './meter_config.js'
import { safetyPolicyOf } from './safety_policies.js'
import { updateOrderOf } from './updates.js'

/** What a collector is told, signed with the key of its tenant. Runs inside the tenant's scope. */
export async function signedConfig(collectorId: string): Promise<SignedConfig> {
  const payload = Buffer.from(JSON.stringify(await configOf(collectorId)))
  return {
    payload: payload.toString('base64url'),
    signature: signBytes(configBytes(payload), await configKeyOf(current.tenantId())),
  }
}

async function configOf(collectorId: string): Promise<EdgeConfig> {
  const collector = await Collector.named(collectorId)
  const { client } = current.get()
  const of = { tenant_id: current.tenantId(), collector_id: collectorId }
  const ranges = await client
    .from('fleet_ranges')
    .where(of)
    .orderBy('created_at')
    .select('id', 'addresses', 'ports')
  const ignored = await client
    .from('fleet_found')
    .where({ ...of, state: 'ignored' })
    .orderBy('miner_key')
    .select('miner_key')
  return {
    version: collector.configVersion,
    collectorId,
    ranges: ranges.map(({ id, addresses, ports }) => ({ id, addresses, ports })),
    pollSeconds: collector.pollSeconds,
    detailSeconds: collector.detailSeconds,
    scanHours: collector.scanHours,
    scanRequest: collector.scanRequest,
    ignored: ignored.map(({ miner_key: key }) => key),
    update: await updateOrderOf(collector),
    safety: await safetyPolicyOf(collector.siteId),
    meters: await meterConfigs(collectorId),
  }
}
