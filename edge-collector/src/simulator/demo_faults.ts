import type { DeviceFaultRow } from './device_rows.js'
import type { FaultRow } from './fleet_file.js'
import { Random } from './random.js'

const HOUR_S = 3600
/** How far the story is planned, from the making of the demo; then only what lasts is wrong. */
const PLANNED_S = 60 * 24 * HOUR_S

/** What is wrong all the time: a site without a broken machine is not believable. */
const LASTING: readonly FaultRow[] = [
  { kind: 'board_loss', atS: 0, indexes: [17], slot: 1 },
  { kind: 'fan', atS: 0, indexes: [65], slot: 1 },
  { kind: 'chip_dropout', atS: 0, indexes: [130], slot: 0, share: 0.25 },
  { kind: 'dust', atS: 0, indexes: [88, 112], share: 0.04 },
  { kind: 'pool_dead', atS: 0, indexes: [145] },
  { kind: 'pool_rejects', atS: 0, indexes: [44], share: 0.12 },
  { kind: 'missing_fields', atS: 0, indexes: [33], fields: ['powerW'] },
  { kind: 'zero_hashrate', atS: 0, indexes: [171] },
  { kind: 'refused', atS: 0, indexes: [9, 150] },
  { kind: 'password_changed', atS: 600, indexes: [103] },
]

/** What comes and goes: each hour a few machines have trouble, every six hours some are curtailed. */
export function demoFaults(seed: number, miners: number): FaultRow[] {
  const random = new Random(seed, 0)
  const pick = (hour: number, salt: number) =>
    Math.floor(random.uniform('fault', hour, salt) * miners)
  const rows = [...LASTING.filter(({ indexes }) => indexes!.every((index) => index < miners))]
  for (let hour = 0; hour * HOUR_S < PLANNED_S; hour++) {
    const atS = hour * HOUR_S
    rows.push(
      { kind: 'overheat', atS: atS + 300, forS: 1500, indexes: [pick(hour, 1)], share: 1.1 },
      {
        kind: 'network_flap',
        atS: atS + 900,
        forS: 1200,
        indexes: [pick(hour, 2)],
        periodS: 300,
        downS: 120,
      },
      { kind: 'reboot_loop', atS: atS + 1800, forS: 400, indexes: [pick(hour, 3)], periodS: 600 },
      { kind: 'slow', atS: atS + 2400, forS: 900, indexes: [pick(hour, 4)] }
    )
    if (hour % 6 === 2) {
      const first = pick(hour, 5)
      const indexes = Array.from({ length: 20 }, (_, step) => (first + step) % miners)
      rows.push({ kind: 'curtailment', atS: atS + 600, forS: 1800, indexes })
    }
  }
  return rows
}

/**
 * What befalls a container: water where none should be, for a quarter of an hour three times a day,
 * and a pump that stands twice, too short for the machines to notice.
 */
export function demoDeviceFaults(): DeviceFaultRow[] {
  const rows: DeviceFaultRow[] = []
  for (let hour = 0; hour * HOUR_S < PLANNED_S; hour++) {
    const atS = hour * HOUR_S
    if (hour % 8 === 3) rows.push({ kind: 'leak', atS: atS + 1500, forS: 900 })
    if (hour % 12 === 10) rows.push({ kind: 'pump', atS: atS + 2400, forS: 50 })
  }
  return rows
}
