import { createHash, randomBytes } from 'node:crypto'
import db from '@adonisjs/lucid/services/db'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import { newId } from '#core/ids'

const CODES = 10
const ALPHABET = '23456789abcdefghijkmnpqrstuvwxyz'
const LENGTH = 16

const plainOf = (code: string) => code.toLowerCase().replace(/[^a-z0-9]/g, '')

/** 80 random bits need no slow hash; the person's id keeps equal codes of two people apart. */
const hashOf = (userId: string, code: string) =>
  createHash('sha256')
    .update(`${userId}:${plainOf(code)}`)
    .digest('hex')

function newCode() {
  const letters = [...randomBytes(LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length])
  return letters.join('').replace(/(.{4})(?!$)/g, '$1-')
}

/** Ten new codes instead of all earlier ones. They are returned once and never again. */
export async function makeRecoveryCodes(userId: string, trx: TransactionClientContract) {
  const codes = Array.from({ length: CODES }, newCode)
  await dropRecoveryCodes(userId, trx)
  await trx
    .table('recovery_codes')
    .multiInsert(
      codes.map((code) => ({ id: newId(), user_id: userId, code_hash: hashOf(userId, code) }))
    )
  return codes
}

export const dropRecoveryCodes = (userId: string, trx: TransactionClientContract) =>
  trx.from('recovery_codes').where('user_id', userId).delete()

/** Uses a code up; of two at once only one gets in. */
export async function useRecoveryCode(
  userId: string,
  code: string,
  trx: TransactionClientContract
) {
  const used = await trx
    .from('recovery_codes')
    .where({ user_id: userId, code_hash: hashOf(userId, code) })
    .whereNull('used_at')
    .update({ used_at: new Date() })
  return Number(used) === 1
}

export async function recoveryCodesLeft(userId: string) {
  const rows = await db
    .connection('login')
    .from('recovery_codes')
    .where('user_id', userId)
    .whereNull('used_at')
    .count('* as total')
  return Number(rows[0]?.total ?? 0)
}
