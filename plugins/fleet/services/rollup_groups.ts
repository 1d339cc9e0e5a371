import { current } from '#core/current'

/**
 * Sums of five minutes by site, zone, customer and model, made anew for one site. A mean of a group
 * is the sum of its miners' means: a miner that said nothing adds nothing, and `miners` and the
 * covered seconds tell how many did.
 */
export async function writeGroups(siteId: string, bucket: Date) {
  const { client } = current.get()
  const tenantId = current.tenantId()
  await client
    .from('fleet_groups_5min')
    .where({ tenant_id: tenantId, site_id: siteId, bucket })
    .delete()
  await client.rawQuery(
    `insert into fleet_groups_5min (tenant_id, bucket, site_id, zone, customer, model, miners,
       seconds_covered, seconds_online, hashrate_ths, expected_ths, power_w, energy_wh, temp_max_c,
       shares_accepted, shares_rejected)
     select ?::uuid, ?::timestamptz, m.site_id, coalesce(m.zone_id::text, ''),
       coalesce(m.customer_id::text, ''), coalesce(m.model, ''), count(*),
       sum(f.seconds_covered), sum(f.seconds_online), sum(f.hashrate_avg_ths), sum(f.expected_avg_ths),
       sum(f.power_avg_w), sum(f.energy_wh), max(f.temp_max_c), sum(f.shares_accepted), sum(f.shares_rejected)
     from fleet_telemetry_5min f
     join fleet_miners m on m.tenant_id = f.tenant_id and m.no = f.miner_no
     where f.tenant_id = ? and f.bucket = ? and m.site_id = ?
     group by 3, 4, 5, 6`,
    [tenantId, bucket, tenantId, bucket, siteId]
  )
}
