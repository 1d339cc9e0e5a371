import { current } from '#core/current'
import type MinerImport from '../models/miner_import.js'

/**
 * Where everybody would stand once the list is applied. Of several at one position those stay that
 * are there and do not move; of rows of the list the first counts. The others are conflicts.
 */
const REFUSE_TAKEN = `
  with ours as (
    select m.id, m.no, m.site_id, r.line,
      coalesce((r.apply->>'zone_id')::uuid, m.zone_id) as zone_id,
      coalesce(r.apply->>'rack', m.rack) as rack,
      coalesce((r.apply->>'shelf')::integer, m.shelf) as shelf,
      coalesce((r.apply->>'position')::integer, m.position) as position,
      coalesce(jsonb_exists_any(r.apply, array['zone_id', 'rack', 'shelf', 'position']), false)
        as moves
    from fleet_miners m
    left join fleet_import_rows r on r.tenant_id = m.tenant_id and r.import_id = ?
      and r.miner_id = m.id and r.outcome = 'changed'
    where m.tenant_id = ? and m.status in ('active', 'maintenance')
    union all
    select r.miner_id, null, (r.apply->>'site_id')::uuid, r.line, (r.apply->>'zone_id')::uuid,
      r.apply->>'rack', (r.apply->>'shelf')::integer, (r.apply->>'position')::integer, true
    from fleet_import_rows r
    where r.tenant_id = ? and r.import_id = ? and r.outcome = 'new'
  ), ranked as (
    select line, moves, row_number() over w as place, first_value(no) over w as by_no,
      first_value(line) over w as by_line
    from ours where rack is not null and position is not null
    window w as (partition by site_id, zone_id, rack, coalesce(shelf, -1), position
      order by moves, line nulls first, no)
  )
  update fleet_import_rows r set outcome = 'conflict', changes = null,
    faults = jsonb_build_array(jsonb_build_object('field', 'position',
      'key', case when by_no is null then 'place_twice' else 'place_of' end,
      'args', jsonb_strip_nulls(jsonb_build_object('no', by_no,
        'line', case when by_no is null then by_line end))))
  from ranked t
  where r.tenant_id = ? and r.import_id = ? and r.line = t.line and t.moves and t.place > 1`

/** Makes a conflict of every row that would put a miner where another one stands. */
export async function refuseTakenPlaces({ tenantId, id }: MinerImport) {
  await current.get().client.rawQuery(REFUSE_TAKEN, [id, tenantId, tenantId, id, tenantId, id])
}
