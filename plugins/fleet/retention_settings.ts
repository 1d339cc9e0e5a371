import vine from '@vinejs/vine'

const within = (name: string, range: [number, number]) =>
  vine
    .number()
    .withoutDecimals()
    .range(range)
    .optional()
    .meta({ label: `fleet_history.setting.${name}` })

/**
 * What an admin sets about how long telemetry is kept. Layers in partitions are dropped for all
 * tenants at once: there the longest wish of any tenant counts.
 */
export const retentionSettings = {
  rawHours: within('rawHours', [24, 48]),
  fiveMinuteDays: within('fiveMinuteDays', [60, 90]),
  boardDays: within('boardDays', [7, 90]),
  dailyYears: within('dailyYears', [1, 30]),
  meterDays: within('meterDays', [400, 3650]),
  // Not below the seven days that samples may be late: what is sent again must be known again.
  batchDays: within('batchDays', [8, 90]),
  quarantineDays: within('quarantineDays', [1, 365]),
  connectivityDays: within('connectivityDays', [30, 3650]),
}

export const retentionDefaults = {
  rawHours: 48,
  fiveMinuteDays: 90,
  boardDays: 60,
  dailyYears: 10,
  // Bills of the year before are asked about, and checked, in the year after.
  meterDays: 1100,
  batchDays: 9,
  quarantineDays: 30,
  connectivityDays: 365,
}

export type Retention = typeof retentionDefaults
