import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { BadInput } from '#core/errors'
import { asInstallation, trackInstallation } from '#core/installation'
import type { Via } from '#core/current'
import { sealSecret } from '#core/secrets'
import { type Datum } from '../domain/data.js'
import type { Provider } from '../providers/adapter.js'
import { type FeedState, feedsOf, KEY_PURPOSE } from './provider_state.js'

/** How a change is made: at the console it says so, and may only be tried. */
export interface ChangeOptions {
  via?: Via
  dryRun?: boolean
}

interface Change {
  name: string
  subject: string
  facts: Record<string, unknown>
  write(trx: TransactionClientContract): Promise<unknown>
}

/** Writes a change and its line in one transaction; a dry run writes neither. */
async function make({ name, subject, facts, write }: Change, { via, dryRun }: ChangeOptions) {
  if (!dryRun) {
    await asInstallation(async (trx) => {
      await write(trx)
      await trackInstallation(trx, {
        subjectType: 'market_provider',
        subjectId: subject,
        name,
        facts,
        via,
      })
    })
  }
  return { change: name, ...facts, dryRun: dryRun ?? false }
}

const keyOfRow = ({ datum, provider }: FeedState) => ({ datum, provider: provider.name })

/** Switches a feed on or off. A feed that is switched on begins anew, whatever failed before. */
export const switchFeed = (state: FeedState, enabled: boolean, options: ChangeOptions = {}) =>
  make(
    {
      name: enabled ? 'market.feed.enabled' : 'market.feed.disabled',
      subject: state.provider.name,
      facts: keyOfRow(state),
      write: (trx) =>
        trx
          .from('market_feeds')
          .where(keyOfRow(state))
          .update({ enabled, ...(enabled ? { failures: 0, retry_at: null } : {}) }),
    },
    options
  )

/** Moves a feed before or behind its neighbour; at the end of the list nothing changes. */
export async function moveFeed(
  state: FeedState,
  direction: 'up' | 'down',
  options: ChangeOptions = {}
) {
  const order = (await feedsOf(state.datum)).map(({ provider }) => provider.name)
  const from = order.indexOf(state.provider.name)
  const to = direction === 'up' ? from - 1 : from + 1
  if (to < 0 || to >= order.length) return null
  order.splice(to, 0, ...order.splice(from, 1))
  return make(
    {
      name: 'market.feed.moved',
      subject: state.provider.name,
      facts: { ...keyOfRow(state), order },
      write: (trx) => renumber(trx, state.datum, order),
    },
    options
  )
}

async function renumber(trx: TransactionClientContract, datum: Datum, order: readonly string[]) {
  for (const [position, provider] of order.entries()) {
    await trx.from('market_feeds').where({ datum, provider }).update({ position })
  }
}

/** Another host is another story: what its feeds failed at, and what they know by ETag, is forgotten. */
const forgetHost = async (trx: TransactionClientContract, provider: string) => {
  await trx
    .from('market_feeds')
    .where({ provider })
    .update({ failures: 0, retry_at: null, etag: null, reading: null })
  await trx.from('market_providers').where({ provider }).update({ blocked_until: null })
}

/** Sets the address of a provider; null is the provider's own again. */
export function setAddress(provider: Provider, url: string | null, options: ChangeOptions = {}) {
  if (url !== null) checkAddress(url)
  return make(
    {
      name: 'market.provider.address_set',
      subject: provider.name,
      facts: { provider: provider.name, url },
      write: async (trx) => {
        const row = trx.from('market_providers').where('provider', provider.name)
        await row.update({ base_url: url })
        await forgetHost(trx, provider.name)
      },
    },
    options
  )
}

/** Names and passwords belong into the key, which is closed; whether the host may be asked says the door. */
function checkAddress(text: string) {
  const url = URL.canParse(text) ? new URL(text) : null
  const isGood = url && /^https?:$/.test(url.protocol) && !url.username && !url.password
  if (!isGood || text.length > 300) {
    throw new BadInput([{ field: 'baseUrl', key: 'market_feeds.problem.bad_address' }])
  }
}

/** A key travels in headers and addresses: printable ASCII, nothing else. */
function checkKey({ keyUse }: Provider, key: string) {
  const problem = keyUse === 'none' ? 'takes_no_key' : 'bad_key'
  if (keyUse !== 'none' && /^[\x20-\x7e]{1,500}$/.test(key)) return
  throw new BadInput([{ field: 'apiKey', key: `market_feeds.problem.${problem}` }])
}

/** Sets the key of a provider, closed with the key of the installation; null takes it away. */
export function setKey(provider: Provider, key: string | null, options: ChangeOptions = {}) {
  if (key !== null) checkKey(provider, key)
  return make(
    {
      name: key === null ? 'market.provider.key_removed' : 'market.provider.key_set',
      subject: provider.name,
      facts: { provider: provider.name },
      write: async (trx) => {
        const sealed = key === null ? null : sealSecret(key, KEY_PURPOSE)
        const row = trx.from('market_providers').where('provider', provider.name)
        await row.update({ key_sealed: sealed })
        await forgetHost(trx, provider.name)
      },
    },
    options
  )
}
