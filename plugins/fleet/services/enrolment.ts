import { createHash, randomInt } from 'node:crypto'
import { DateTime } from 'luxon'
import { current } from '#core/current'
import { forDevice } from '#core/devices'
import { newId } from '#core/ids'
import { asInstallation } from '#core/installation'
import type { EnrollAnswer, EnrollRequest } from '#edge/protocol/messages'
import { fingerprintWords, publicKeyOf, rawPublicKey } from '#edge/protocol/signing'
import Collector from '../models/collector.js'
import plugin from '../plugin.js'
import { configKeyOf } from './config_keys.js'
import { E_CODE_INVALID, E_MESSAGE } from './edge_errors.js'

/** Long enough to walk to the machine and type it. */
export const CODE_MINUTES = 30

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const hashOf = (code: string) => createHash('sha256').update(`enrol:${code}`).digest()

/** Eight of 32 signs, 40 bits: short-lived, used once, and guesses are counted. */
function makeCode() {
  const sign = () => LETTERS[randomInt(LETTERS.length)]!
  const half = () => Array.from({ length: 4 }, sign).join('')
  return `${half()}-${half()}`
}

/** A code that lets one collector in at this site. It is shown now and kept as a hash. */
export async function inviteCollector(name: string, site: { id: string; name: string }) {
  const code = makeCode()
  const expiresAt = DateTime.utc().plus({ minutes: CODE_MINUTES })
  const { client, userId } = current.get()
  const id = newId()
  await client.table('fleet_enrolment_codes').insert({
    tenant_id: current.tenantId(),
    id,
    site_id: site.id,
    name,
    code_hash: hashOf(code),
    expires_at: expiresAt.toJSDate(),
    created_by: userId,
  })
  const subject = { id, type: 'fleet_enrolment_codes' }
  await plugin.track(subject, 'collector.invited', { name, site: site.name })
  return { code, expiresAt }
}

/** Lets in whoever has the code, with the key that was born at the site. Throws E_CODE_INVALID. */
export async function enrol(request: EnrollRequest): Promise<EnrollAnswer> {
  checkKey(request.publicKey)
  const row = await asInstallation((trx) =>
    trx
      .from('fleet_enrolment_codes')
      .where('code_hash', hashOf(request.code))
      .select('tenant_id', 'id')
      .first()
  )
  if (!row) throw new E_CODE_INVALID()
  return forDevice({ tenantId: row.tenant_id, plugin: plugin.name }, () => take(row.id, request))
}

/** Thirty-two bytes are not yet a key. */
function checkKey(raw: string) {
  try {
    if (rawPublicKey(publicKeyOf(raw)) === raw) return
  } catch {
    // Said below, as for a key that is written in another way.
  }
  throw new E_MESSAGE(['publicKey: bad_form'])
}

async function take(codeId: string, request: EnrollRequest): Promise<EnrollAnswer> {
  const tenantId = current.tenantId()
  const { client } = current.get()
  const collectorId = newId()
  // One statement: of two that come at once with one code, one finds it unused.
  const [code] = await client
    .from('fleet_enrolment_codes')
    .where({ tenant_id: tenantId, id: codeId })
    .whereNull('used_at')
    .where('expires_at', '>', new Date())
    .update({ used_at: new Date(), collector_id: collectorId })
    .returning(['name', 'site_id', 'created_by'])
  if (!code) throw new E_CODE_INVALID()
  const site = await client
    .from('sites')
    .where({ tenant_id: tenantId, id: code.site_id })
    .whereNull('archived_at')
    .select('id', 'name', 'time_zone')
    .first()
  if (!site) throw new E_CODE_INVALID()
  const collector = await Collector.create({
    id: collectorId,
    siteId: site.id,
    name: code.name,
    publicKey: request.publicKey,
    hostname: request.hostname,
    version: request.version,
    enrolledBy: code.created_by,
    enrolledAt: DateTime.utc(),
  })
  const fingerprint = fingerprintWords(request.publicKey)
  await plugin.track(collector, 'collector.enrolled', {
    name: code.name,
    site: site.name,
    fingerprint,
  })
  return {
    collectorId,
    name: code.name,
    site: { id: site.id, name: site.name, timeZone: site.time_zone },
    configKey: rawPublicKey(await configKeyOf(tenantId)),
    time: Date.now(),
  }
}
