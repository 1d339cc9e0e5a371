/** Eco, standard and super of the Q: `WORKMODE` of `stats` and what `workmode,set` takes. */
export const WORK_MODES = { low: 0, normal: 1, high: 2 } as const
