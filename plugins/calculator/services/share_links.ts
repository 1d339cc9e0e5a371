import { createHash, randomBytes } from 'node:crypto'
import { DateTime } from 'luxon'
import { current } from '#core/current'
import { defineError } from '#core/errors'
import { asInstallation } from '#core/installation'
import type Scenario from '../models/scenario.js'
import ScenarioShare from '../models/scenario_share.js'
import plugin from '../plugin.js'
import { asStored, type Fields, fromStored, type ScenarioAnswer } from './scenario_answer.js'
import { forOthers, questionForOthers, withoutHostCosts } from './share_frozen.js'

export const SHARE_DAYS = 90
export const MAX_SHARE_DAYS = 365

/** Never was, has ended, was taken back, or its company is gone: nobody can tell which. */
export const E_LINK_GONE = defineError('This link leads nowhere (any more)', 'E_LINK_GONE', 404)

const TOKEN = /^[\w-]{43}$/
/** 256 random bits: a fast hash is enough. */
const hashOf = (token: string) => createHash('sha256').update(token).digest()

/** Makes a link to this answer and gives its secret, which exists nowhere else. */
export async function shareScenario(scenario: Scenario, answer: ScenarioAnswer, days = SHARE_DAYS) {
  const token = randomBytes(32).toString('base64url')
  const expiresAt = DateTime.utc().plus({ days })
  const share = await ScenarioShare.create({
    scenarioId: scenario.id,
    customerId: scenario.customerId,
    tokenHash: hashOf(token),
    name: scenario.name,
    frozen: {
      answer: asStored(forOthers(answer)),
      again: questionForOthers(scenario.question.query, answer),
    },
    expiresAt,
    createdBy: current.get().userId,
  })
  const facts = { name: scenario.name, expiresAt: expiresAt.toISO() }
  await plugin.track(scenario, 'scenario.shared', facts)
  return { share, path: `/calculator/shared/${token}` }
}

/** What a link shows. */
export interface SharedResult {
  name: string
  sharedBy: string
  sharedAt: Date
  expiresAt: Date
  answer: ScenarioAnswer
  /** The question, for whoever wants to ask it again. */
  again: Fields
}

/**
 * The result behind a link, for whoever holds it. Counts the visit, unless it is one of the company
 * that shared. Throws E_LINK_GONE.
 */
export async function openShare(token: string, now = new Date()): Promise<SharedResult> {
  if (!TOKEN.test(token)) throw new E_LINK_GONE()
  const row = await asInstallation(async (trx) => {
    const found = await trx
      .from('calculator_shares as s')
      .join('tenants as t', 't.id', 's.tenant_id')
      .where('s.token_hash', hashOf(token))
      .whereNull('s.revoked_at')
      .where('s.expires_at', '>', now)
      .whereNull('t.suspended_at')
      .whereNotExists((query) =>
        query
          .from('tenant_plugins as p')
          .whereColumn('p.tenant_id', 's.tenant_id')
          .whereIn('p.plugin', [plugin.name, ...plugin.dependsOn])
          .where('p.enabled', false)
      )
      .select('s.id', 's.tenant_id', 's.name', 's.frozen', 's.created_at', 's.expires_at')
      .select({ tenant_name: 't.name' })
      .first()
    if (found && current.peek()?.tenantId !== found.tenant_id) {
      await trx
        .from('calculator_shares')
        .where({ tenant_id: found.tenant_id, id: found.id })
        .update({ views: trx.raw('views + 1'), last_viewed_at: now })
    }
    return found
  })
  const answer = row ? await fromStored(row.frozen.answer) : null
  if (!answer) throw new E_LINK_GONE()
  return {
    name: row.name,
    sharedBy: row.tenant_name,
    sharedAt: row.created_at,
    expiresAt: row.expires_at,
    // Links that were made before this was kept from others do not show it either.
    answer: forOthers(answer),
    again: withoutHostCosts(row.frozen.again),
  }
}
