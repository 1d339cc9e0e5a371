import { current } from '#core/current'
import type { Hashboard } from '#edge/protocol/record'
import { bucketOf } from '../domain/bucket.js'
import { ensurePartitions } from './partitions.js'

/** The boards of a miner as one detailed sample had them. */
export interface BoardsAt {
  minerNo: number
  at: Date
  boards: readonly Hashboard[]
}

const COLUMNS = [
  ['active', 'boolean'],
  ['hashrate_ths', 'real'],
  ['chips_working', 'integer'],
  ['temp_board_c', 'real'],
  ['temp_chip_max_c', 'real'],
  ['frequency_mhz', 'real'],
  ['voltage_v', 'real'],
  ['hw_errors', 'bigint'],
] as const satisfies readonly (readonly [keyof Hashboard, string])[]

const NAMES = COLUMNS.map(([name]) => name)

/** `second`: of the sample that counts, from the beginning of its five minutes. */
const UPSERT = `
  insert into fleet_boards_5min as b (tenant_id, miner_no, bucket, slot, second, samples, ${NAMES.join(', ')})
  select ?::uuid, no, bucket, slot, second, 1, ${NAMES.join(', ')}
  from jsonb_to_recordset(?::jsonb) as t (no integer, bucket timestamptz, slot smallint, second smallint,
    ${COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')})
  on conflict (tenant_id, miner_no, bucket, slot) do update set second = excluded.second,
    samples = b.samples + 1, ${NAMES.map((name) => `${name} = excluded.${name}`).join(', ')}
  where excluded.second >= b.second`

/** Keeps boards, one row for five minutes of each: the newest sample of them counts. */
export async function recordBoards(rows: readonly BoardsAt[]) {
  const inOrder = rows.toSorted((a, b) => a.at.getTime() - b.at.getTime())
  const newest = new Map(inOrder.flatMap(flatRows).map((row) => [keyOf(row), row]))
  if (newest.size === 0) return
  await ensurePartitions(
    'fleet_boards_5min',
    rows.map(({ at }) => at)
  )
  await current
    .get()
    .client.rawQuery(UPSERT, [current.tenantId(), JSON.stringify([...newest.values()])])
}

const keyOf = ({ no, bucket, slot }: FlatRow) => `${no} ${bucket} ${slot}`

type FlatRow = ReturnType<typeof flatRows>[number]

function flatRows({ minerNo, at, boards }: BoardsAt) {
  const bucket = bucketOf(at.getTime())
  return boards.map((board) => ({
    no: minerNo,
    bucket: new Date(bucket).toISOString(),
    slot: board.slot,
    second: Math.floor((at.getTime() - bucket) / 1000),
    ...Object.fromEntries(NAMES.map((name) => [name, board[name]])),
    active: board.present ? board.active : false,
  }))
}
