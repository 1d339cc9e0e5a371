import encryption from '@adonisjs/core/services/encryption'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'

/** Closes a secret with the key of the installation. It opens for the same purpose only. */
export const sealSecret = (secret: string, purpose: string) =>
  encryption.encrypt(secret, { purpose })

/** The secret, or null when the key or the purpose is not the one that it was closed with. */
export const openSecret = (sealed: string, purpose: string) =>
  encryption.decrypt<string>(sealed, purpose)

/** Closes with the new key what was closed with the one before. Throws when it cannot be opened. */
export type Reseal = (sealed: string, purpose: string) => string

/**
 * Secrets that a plugin keeps: the manifest names them in `secrets`. Writes each anew in the given
 * transaction of the installation and answers how many there were.
 */
export type SecretKeeper = (trx: TransactionClientContract, reseal: Reseal) => Promise<number>
