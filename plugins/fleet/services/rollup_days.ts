import { current } from '#core/current'

/** The day of the site's clocks that five minutes lie in is due again. */
export const markDay = (siteId: string, bucket: Date) =>
  current.get().client.rawQuery(
    `insert into fleet_days_due (tenant_id, site_id, day)
     select s.tenant_id, s.id, (?::timestamptz at time zone s.time_zone)::date
     from sites s where s.tenant_id = ? and s.id = ?
     on conflict (tenant_id, site_id, day) do update set marked_at = now()`,
    [bucket, current.tenantId(), siteId]
  )

const mean = (name: string) =>
  `sum(f.${name} * f.seconds_covered) filter (where f.${name} is not null)
    / nullif(sum(f.seconds_covered) filter (where f.${name} is not null), 0)`

/** Means are over time, by the seconds that each five minutes cover; what was never said is null. */
const DAY_ROWS = `
  insert into fleet_telemetry_daily (tenant_id, miner_no, day, samples, seconds_covered, seconds_online,
    seconds_mining, hashrate_avg_ths, hashrate_min_ths, hashrate_max_ths, expected_avg_ths, temp_avg_c,
    temp_min_c, temp_max_c, inlet_avg_c, power_avg_w, power_min_w, power_max_w, power_source,
    fan_min_rpm, fan_max_rpm, shares_accepted, shares_rejected, shares_stale, hardware_errors,
    restarts, energy_wh)
  select ?::uuid, f.miner_no, ?::date, sum(f.samples), sum(f.seconds_covered), sum(f.seconds_online),
    sum(f.seconds_mining), ${mean('hashrate_avg_ths')}, min(f.hashrate_min_ths), max(f.hashrate_max_ths),
    ${mean('expected_avg_ths')}, ${mean('temp_avg_c')}, min(f.temp_min_c), max(f.temp_max_c),
    ${mean('inlet_avg_c')}, ${mean('power_avg_w')}, min(f.power_min_w), max(f.power_max_w),
    max(f.power_source), min(f.fan_min_rpm), max(f.fan_max_rpm), sum(f.shares_accepted),
    sum(f.shares_rejected), sum(f.shares_stale), sum(f.hardware_errors), least(sum(f.restarts), 32767),
    sum(f.energy_wh)
  from fleet_telemetry_5min f
  join fleet_miners m on m.tenant_id = f.tenant_id and m.no = f.miner_no and m.site_id = ?
  where f.tenant_id = ?
    and f.bucket >= (?::date)::timestamp at time zone ? and f.bucket < (?::date + 1)::timestamp at time zone ?
  group by f.miner_no
  on conflict (tenant_id, miner_no, day) do update set ${[
    'samples',
    'seconds_covered',
    'seconds_online',
    'seconds_mining',
    'hashrate_avg_ths',
    'hashrate_min_ths',
    'hashrate_max_ths',
    'expected_avg_ths',
    'temp_avg_c',
    'temp_min_c',
    'temp_max_c',
    'inlet_avg_c',
    'power_avg_w',
    'power_min_w',
    'power_max_w',
    'power_source',
    'fan_min_rpm',
    'fan_max_rpm',
    'shares_accepted',
    'shares_rejected',
    'shares_stale',
    'hardware_errors',
    'restarts',
    'energy_wh',
  ]
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`

/**
 * Makes one day of one site that is due; today too, as far as it has come. Gives whether there was
 * any. Runs inside a tenant.
 */
export async function rollUpDay(): Promise<boolean> {
  const { client } = current.get()
  const tenantId = current.tenantId()
  const { rows } = await client.rawQuery(
    `select d.site_id, d.day::text, s.time_zone from fleet_days_due d
     join sites s on s.tenant_id = d.tenant_id and s.id = d.site_id
     where d.tenant_id = ? order by d.day limit 1 for update of d skip locked`,
    [tenantId]
  )
  const due = rows[0]
  if (!due) return false
  const { site_id: siteId, day, time_zone: zone } = due
  await client.rawQuery(DAY_ROWS, [tenantId, day, siteId, tenantId, day, zone, day, zone])
  await client
    .from('fleet_days_due')
    .where({ tenant_id: tenantId, site_id: siteId })
    .whereRaw('day = ?::date', [day])
    .delete()
  return true
}
