import { join } from 'node:path'

/**
 * Of a state folder. The running collector may write to `updates/` only: what lies in `versions/` is
 * put there by the launcher, after it checked the package again.
 */
export const layoutOf = (folder: string) => ({
  updates: join(folder, 'updates'),
  packed: (sha256: string) => join(folder, 'updates', `${sha256}.tgz`),
  /** The collector says here which version the portal answered. */
  reached: join(folder, 'updates', 'reached.json'),
  versions: join(folder, 'versions'),
  code: (version: string) => join(folder, 'versions', version),
  record: join(folder, 'versions', 'active.json'),
})

/** The code of a collector that wants to be started anew: a version waits. */
export const RESTART = 86
