import { syncFeeds } from './services/provider_state.js'

/** Makes a row for every feed that this version knows; what an admin decided stays. */
export default async function prepare(say: (line: string) => void) {
  await syncFeeds()
  say('market feeds are up to date')
}
