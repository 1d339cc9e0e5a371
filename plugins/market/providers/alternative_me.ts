import vine from '@vinejs/vine'
import { decimal, defineFeed, type Provider } from './adapter.js'

/** https://alternative.me/crypto/fear-and-greed-index: one value a day, numbers as text. */
export const alternativeMe: Provider = {
  name: 'alternative_me',
  title: 'alternative.me',
  baseUrl: 'https://api.alternative.me',
  keyUse: 'none',
  perMinute: 6,
  burst: 4,
  feeds: {
    fear_greed: defineFeed({
      ask: () => ({ path: '/fng/', query: { limit: '1' } }),
      schema: vine.object({
        data: vine.array(vine.object({ value: decimal(), timestamp: decimal() })).minLength(1),
      }),
      pick: ({ data: [today] }) => ({
        values: { fear_greed: Number(today!.value) },
        at: new Date(Number(today!.timestamp) * 1000),
      }),
    }),
  },
}
