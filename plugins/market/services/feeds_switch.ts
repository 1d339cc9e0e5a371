import { defineError } from '#core/errors'

/** Fetching is switched off for the whole installation. */
export const E_FEEDS_OFF = defineError(
  'Fetching market figures is switched off (MARKET_FEEDS=0)',
  'E_FEEDS_OFF',
  409
)

/** Whether figures are fetched at all; MARKET_FEEDS=0 says no. Asked anew each time: tests turn it. */
export const areFeedsOn = () => process.env.MARKET_FEEDS !== '0'
