import type { ApiClient } from '@japa/api-client'
import type User from '#models/user'
import { GOLDEN } from './answers.js'

/** The golden question as the form sends it: 1,000 miners of 200 TH/s and 3,550 W. */
export const QUESTION = Object.fromEntries(
  Object.entries({ ...GOLDEN, count: 1000, hashrateThs: 200, powerW: 3550 }).map(
    ([name, value]) => [name, String(value)]
  )
)

/** The same as an investment of a year. */
export const INVESTED = {
  ...QUESTION,
  capexUsdPerMiner: '3000',
  startHeight: '919000',
  startDate: '2026-01-01',
  days: '365',
  difficultyGrowthPctPerMonth: '1',
}

const flat = (query: Record<string, string>) =>
  Object.fromEntries(Object.entries(query).map(([name, value]) => [`query[${name}]`, value]))

export const post = (client: ApiClient, url: string, user: User, body: object = {}) =>
  client.post(url).loginAs(user).withCsrfToken().redirects(0).form(body)

/** Saves a scenario as the page does and gives its id. */
export async function save(
  client: ApiClient,
  user: User,
  { name = 'Golden', note = '', query = QUESTION }: Partial<Wish> = {}
) {
  const body = { name, note, kind: 'day', ...flat(query) }
  const response = await post(client, '/calculator/scenarios', user, body)
  return String(response.header('location')).split('/').at(-1)!
}

interface Wish {
  name: string
  note: string
  query: Record<string, string>
}

/** The address of the link that a page shows once. */
export const linkIn = (html: string) =>
  /value="[^"]*(\/calculator\/shared\/[\w-]{43})"/.exec(html)?.[1]
