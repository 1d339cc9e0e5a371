import type { Infer } from '@vinejs/vine/types'
import { current } from '#core/current'
import { BadInput } from '#core/errors'
import type { SafetyPolicy } from '#edge/protocol/safety'
import Collector from '../models/collector.js'
import plugin from '../plugin.js'
import type { safetySchema } from '../validators.js'

export type SafetyWish = Infer<typeof safetySchema>

/** What the form proposes where nobody decided anything: off. */
const PROPOSED: SafetyWish = {
  isOn: false,
  sleepAboveC: 95,
  samplesInRow: 3,
  mostPerHour: 2,
  mostSharePct: 10,
  wakeBelowC: null,
  wakeAfterMinutes: 30,
}

const of = (siteId: string) => ({ tenant_id: current.tenantId(), site_id: siteId })

/** What was decided for a site, or what would be proposed; `isDecided` tells which. */
export async function safetyOf(siteId: string): Promise<SafetyWish & { isDecided: boolean }> {
  const row = await current.get().client.from('fleet_safety_policies').where(of(siteId)).first()
  if (!row) return { ...PROPOSED, isDecided: false }
  return {
    isDecided: true,
    isOn: row.is_on,
    sleepAboveC: row.sleep_above_c,
    samplesInRow: row.samples_in_row,
    mostPerHour: row.most_per_hour,
    mostSharePct: row.most_share_pct,
    wakeBelowC: row.wake_below_c,
    wakeAfterMinutes: row.wake_after_minutes,
  }
}

/** What the collectors of a site are told; null: they do nothing by themselves. */
export async function safetyPolicyOf(siteId: string): Promise<SafetyPolicy | null> {
  const { isOn, isDecided, wakeBelowC, ...numbers } = await safetyOf(siteId)
  return isOn && isDecided ? { ...numbers, wakeBelowC: wakeBelowC ?? null } : null
}

/** Decides for a site; its collectors hear of it with their next heartbeats. */
export async function decideSafety(site: { id: string; name: string }, wish: SafetyWish) {
  const wake = wish.wakeBelowC ?? null
  if (wake !== null && wake >= wish.sleepAboveC) {
    throw new BadInput([{ field: 'wakeBelowC', key: 'fleet.fault.wake_below' }])
  }
  const { client, userId } = current.get()
  const before = await safetyOf(site.id)
  const decided = {
    is_on: wish.isOn,
    sleep_above_c: wish.sleepAboveC,
    samples_in_row: wish.samplesInRow,
    most_per_hour: wish.mostPerHour,
    most_share_pct: wish.mostSharePct,
    wake_below_c: wake,
    wake_after_minutes: wish.wakeAfterMinutes,
    changed_by: userId,
    changed_at: new Date(),
  }
  await client
    .table('fleet_safety_policies')
    .insert({ ...of(site.id), ...decided })
    .onConflict(['tenant_id', 'site_id'])
    .merge(decided)
  const collectors: Collector[] = await Collector.query().where('site_id', site.id)
  for (const { id } of collectors) await Collector.renewConfig(id)
  const subject = { id: site.id, type: 'fleet_safety_policies' }
  await plugin.track(subject, 'safety.changed', { site: site.name }, changesOf(before, wish))
}

const changesOf = (before: SafetyWish, now: SafetyWish) =>
  Object.fromEntries(
    (Object.keys(PROPOSED) as (keyof SafetyWish)[])
      .filter((name) => (before[name] ?? null) !== (now[name] ?? null))
      .map((name) => [name, [before[name] ?? null, now[name] ?? null] as [unknown, unknown]])
  )
