import { plainArray } from '#core/bulk'
import { current } from '#core/current'
import { NOTHING_SAID, type RawSample } from '../domain/aggregate_bucket.js'

/** How far back a counter is looked for: as long as samples can be there. */
const LOOK_BACK_MS = 48 * 3_600_000

const LAST_SAID = `
  select no, r.* from unnest(?::integer[]) as no
  cross join lateral (
    select extract(epoch from at)::double precision as t, uptime_s, shares_accepted, shares_rejected,
      shares_stale, hardware_errors
    from fleet_telemetry_raw
    where tenant_id = ? and miner_no = no and at < ? and at >= ? and shares_accepted is not null
    order by at desc limit 1
  ) r`

const isSaid = ({ sharesAccepted }: RawSample) => sharesAccepted !== null

/**
 * What the counters said before a silence. Energy is not known across a gap, but counters are: this
 * puts the last samples that named them, however long ago, before those of the miners that speak
 * again.
 */
export async function addLastSaid(raw: Map<number, RawSample[]>, firstMs: number) {
  const speaking = [...raw].filter(([, samples]) => {
    const said = samples.find(isSaid)
    return said !== undefined && said.t * 1000 >= firstMs
  })
  if (speaking.length === 0) return
  const { rows } = await current
    .get()
    .client.rawQuery(LAST_SAID, [
      plainArray(speaking.map(([no]) => no)),
      current.tenantId(),
      new Date(firstMs),
      new Date(firstMs - LOOK_BACK_MS),
    ])
  for (const row of rows) {
    raw.get(row.no)!.unshift({
      ...NOTHING_SAID,
      isAnswered: false,
      t: row.t,
      uptimeS: whole(row.uptime_s),
      sharesAccepted: whole(row.shares_accepted),
      sharesRejected: whole(row.shares_rejected),
      sharesStale: whole(row.shares_stale),
      hardwareErrors: whole(row.hardware_errors),
    })
  }
}

const whole = (value: string | null) => (value === null ? null : Number(value))
