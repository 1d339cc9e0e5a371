import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'

/**
 * Writes what all tenants share (a catalogue, market series) in one transaction of the
 * installation. It has no right on tables of tenants.
 */
export const asInstallation = <T>(work: (trx: TransactionClientContract) => Promise<T>) =>
  db.connection('login').transaction(work)
