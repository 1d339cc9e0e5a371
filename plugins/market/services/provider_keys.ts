import type { SecretKeeper } from '#core/secrets'
import { KEY_PURPOSE } from './provider_state.js'

/** Closes the keys of providers anew when the key of the installation changes. */
const keepKeys: SecretKeeper = async (trx, reseal) => {
  const rows = await trx
    .from('market_providers')
    .whereNotNull('key_sealed')
    .forUpdate()
    .select('provider', 'key_sealed')
  for (const { provider, key_sealed: sealed } of rows) {
    const fresh = reseal(sealed, KEY_PURPOSE)
    await trx.from('market_providers').where({ provider }).update({ key_sealed: fresh })
  }
  return rows.length
}

export default keepKeys
