import db from '@adonisjs/lucid/services/db'
import { current } from '#core/current'
import { theHost } from '#core/host'
import { readSettings } from '#core/settings'
import { type Retention, retentionDefaults } from '../retention_settings.js'
import type { Layer } from './partitions.js'

/** How long the current tenant wants its telemetry kept. */
export const readRetention = async () => {
  const given: Partial<Retention> = await readSettings('fleet', retentionDefaults)
  const said = Object.entries(given).filter(([, value]) => value !== null && value !== undefined)
  return { ...retentionDefaults, ...Object.fromEntries(said) } as Retention
}

/** Runs the callback as the portal inside each tenant, one after the other. */
export async function inEachTenant<T>(work: () => Promise<T>): Promise<T[]> {
  const tenants = await db.connection('login').from('tenants').select('id')
  const answers: T[] = []
  for (const { id } of tenants) {
    const who = await theHost().systemIn(id, 'job')
    answers.push(await current.run(who, work))
  }
  return answers
}

/** Hours that each layer in partitions is kept: the longest wish of all tenants. */
export async function keptHours(): Promise<Record<Layer, number>> {
  const wishes = await inEachTenant(readRetention)
  if (wishes.length === 0) wishes.push(retentionDefaults)
  const longest = (name: keyof Retention) => Math.max(...wishes.map((wish) => wish[name]))
  return {
    fleet_telemetry_raw: longest('rawHours'),
    fleet_telemetry_5min: longest('fiveMinuteDays') * 24,
    fleet_boards_5min: longest('boardDays') * 24,
    fleet_meter_raw: longest('rawHours'),
    fleet_meter_5min: longest('meterDays') * 24,
  }
}
