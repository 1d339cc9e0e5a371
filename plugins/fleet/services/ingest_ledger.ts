import { current } from '#core/current'
import type { Batch } from '#edge/protocol/messages'
import type { Caller } from './collector_auth.js'
import { E_SEQ_CONFLICT } from './edge_errors.js'

export interface Entry extends Pick<Batch, 'bootId' | 'seq'> {
  sha256: Buffer
}

/** What the ledger says of a batch, with its collector locked until the transaction ends. */
export interface Place {
  /** It is in already: the answer to the first time was lost. */
  isKnown: boolean
  ackSeq: number
}

/**
 * Looks a batch up. Its collector is locked, so that its batches come one after the other: two
 * deliveries of one, and two that touch the same miners. Throws E_SEQ_CONFLICT when its number was
 * taken by other samples.
 */
export async function placeOf(caller: Caller, { bootId, seq, sha256 }: Entry): Promise<Place> {
  const { client } = current.get()
  const boot = [caller.tenantId, caller.collectorId, bootId]
  await client.rawQuery(
    'select from fleet_collectors where tenant_id = ? and id = ? for no key update',
    [caller.tenantId, caller.collectorId]
  )
  // Not in one statement with the lock: it would not see what was written while it waited.
  const { rows } = await client.rawQuery(
    `with boot as (
       insert into fleet_boots (tenant_id, collector_id, boot_id) values (?, ?, ?) on conflict do nothing
     )
     select (select ack_seq from fleet_boots where tenant_id = ? and collector_id = ? and boot_id = ?),
       (select sha256 from fleet_batches
         where tenant_id = ? and collector_id = ? and boot_id = ? and seq = ?)`,
    [...boot, ...boot, ...boot, seq]
  )
  // A boot that was just entered has acknowledged nothing.
  const [{ ack_seq: acknowledged, sha256: known }] = rows
  const ackSeq = Number(acknowledged ?? 0)
  if (known && !sha256.equals(known)) throw new E_SEQ_CONFLICT()
  // Entries below the acknowledged number are forgotten after a while.
  return { isKnown: known !== null || seq <= ackSeq, ackSeq }
}

export interface Counts {
  samples: number
  quarantined: number
  /** Milliseconds since 1970. */
  now: number
}

/** Enters a batch that came now and gives the number up to which nothing is missing. */
export async function enter(
  { tenantId, collectorId }: Caller,
  { bootId, seq, sha256 }: Entry,
  { samples, quarantined, now }: Counts
): Promise<number> {
  const { client } = current.get()
  const boot = [tenantId, collectorId, bootId]
  await client.rawQuery(
    `with heard as (
       update fleet_collectors set batch_at = ? where tenant_id = ? and id = ?
     )
     insert into fleet_batches
       (tenant_id, collector_id, boot_id, seq, sha256, samples, quarantined)
     values (?, ?, ?, ?, ?, ?, ?)`,
    [new Date(now), tenantId, collectorId, ...boot, seq, sha256, samples, quarantined]
  )
  const { rows } = await client.rawQuery(
    `with recursive chain as (
       select ack_seq as seq from fleet_boots where tenant_id = ? and collector_id = ? and boot_id = ?
       union all
       select b.seq from chain c join fleet_batches b on b.seq = c.seq + 1
         and b.tenant_id = ? and b.collector_id = ? and b.boot_id = ?
     )
     update fleet_boots set ack_seq = (select max(seq) from chain)
     where tenant_id = ? and collector_id = ? and boot_id = ? returning ack_seq`,
    [...boot, ...boot, ...boot]
  )
  return Number(rows[0].ack_seq)
}
