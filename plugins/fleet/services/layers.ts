/** How long each layer is kept. */
export const RAW_HOURS = 48
export const FIVE_MINUTES_DAYS = 90
export const BOARDS_DAYS = 60
/** Ledger of batches, quarantine, and changes of connectivity. */
export const LEDGER_DAYS = 9
export const QUARANTINE_DAYS = 30
export const CHANGES_DAYS = 365
