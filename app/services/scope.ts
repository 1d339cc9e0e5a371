import { current } from '#core/current'
import { defineError } from '#core/errors'

const E_SITE_CHOSEN = defineError('Look at all sites first', 'E_SITE_CHOSEN', 409)

/** Refuses somebody who sees some sites only: a new site would be outside what they see. */
export function refuseNarrowScope() {
  if (current.get().siteIds !== '*') throw new E_SITE_CHOSEN()
}
