import { current } from '#core/current'
import type { Heartbeat, HeartbeatAnswer } from '#edge/protocol/messages'
import { clearAlarms } from './alarms.js'
import type { Caller } from './collector_auth.js'
import { hearNotices } from './notices.js'
import { hearUpdate } from './updates.js'

const when = (time: number | null) => (time === null ? null : new Date(time))

/** Keeps how a collector is, and tells it whether there is news for it. */
export async function takeHeartbeat(
  caller: Caller,
  beat: Heartbeat,
  now: Date
): Promise<HeartbeatAnswer> {
  await hearNotices(caller, beat.notices ?? [])
  const [row] = await current
    .get()
    .client.from('fleet_collectors')
    .where({ tenant_id: caller.tenantId, id: caller.collectorId })
    .update({
      seen_at: now,
      is_down: false,
      boot_id: beat.bootId,
      version: beat.version,
      started_at: when(beat.startedAt),
      // Portal minus collector, as far as one message tells; the way here is part of it.
      offset_ms: now.getTime() - beat.time,
      queue_batches: beat.queue.batches,
      queue_bytes: beat.queue.bytes,
      queue_oldest_at: when(beat.queue.oldestAt),
      dropped_samples: beat.queue.droppedSamples,
      miners_known: beat.miners.known,
      miners_answering: beat.miners.answering,
      rss_bytes: beat.rssBytes,
      round_ms: beat.roundMs,
      config_seen: beat.configVersion,
      notices: JSON.stringify(beat.notices ?? []),
    })
    .returning(['config_version'])
  await clearAlarms({ kind: 'collector_down', collector_id: caller.collectorId })
  if (beat.update) await hearUpdate(caller, beat.update)
  return { time: now.getTime(), configVersion: row.config_version }
}
