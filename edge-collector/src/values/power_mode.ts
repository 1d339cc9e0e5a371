import { POWER_MODES, type PowerMode } from '../../protocol/record.js'

/** "Normal", "low": null for any other word, and for none. */
export const toPowerMode = (name: string | null): PowerMode | null =>
  POWER_MODES.find((mode) => mode === name?.toLowerCase()) ?? null
