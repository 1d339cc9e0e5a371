import type { HttpContext } from '@adonisjs/core/http'
import type { TransactionClientContract } from '@adonisjs/lucid/types/database'
import db from '@adonisjs/lucid/services/db'
import { current } from '#core/current'
import { defineError, E_NOT_FOUND } from '#core/errors'
import { refuseField } from '#core/form'
import { isId } from '#core/ids'
import type { PlatformRole } from '#core/roles'
import type { Row } from '#core/table'
import { logAccount } from '#services/account_log'

const E_LAST_STAFF_OWNER = defineError('The installation keeps an owner', 'E_LAST_STAFF_OWNER', 409)
const E_OWN_STAFF_ROLE = defineError('Nobody changes their own staff role', 'E_OWN_STAFF_ROLE', 409)

const login = () => db.connection('login')

/** The people who run this installation. */
export const staffRows = (): Promise<Row[]> =>
  login()
    .from('users')
    .whereNotNull('platform_role')
    .orderBy('full_name')
    .select(
      'id',
      'email',
      'full_name',
      'platform_role',
      'totp_enabled_at',
      'suspended_at'
    ) as unknown as Promise<Row[]>

/** Owners are locked in one order, so that two of them cannot remove each other at once. */
async function keepAnOwner(trx: TransactionClientContract, leaving: string) {
  const owners = await trx
    .from('users')
    .where('platform_role', 'owner')
    .orderBy('id')
    .forUpdate()
    .select('id', 'suspended_at')
  if (!owners.some(({ id, suspended_at: closed }) => id !== leaving && !closed)) {
    throw new E_LAST_STAFF_OWNER()
  }
}

async function setRole(person: Row, role: PlatformRole | null) {
  if (person.id === current.get().userId) throw new E_OWN_STAFF_ROLE()
  await login().transaction(async (trx) => {
    if (person.platform_role === 'owner' && role !== 'owner') await keepAnOwner(trx, person.id)
    await trx
      .from('users')
      .where('id', person.id)
      .update({ platform_role: role, updated_at: new Date() })
    const facts = { from: person.platform_role, to: role }
    await logAccount(
      { subjectType: 'user', subjectId: person.id, name: 'staff.changed', facts },
      trx
    )
  })
}

/** Gives somebody who has an account a role on the platform's staff. */
export async function grantStaff({ i18n }: HttpContext, email: string, role: PlatformRole) {
  const person = await login()
    .from('users')
    .where('email', email)
    .select('id', 'platform_role')
    .first()
  if (!person) throw refuseField('email', i18n.t('admin.staff.no_account'))
  await setRole(person, role)
}

/** Takes the role away; the account and its memberships stay. */
export async function revokeStaff(id: unknown) {
  if (!isId(id)) throw new E_NOT_FOUND()
  const person = await login()
    .from('users')
    .where('id', id)
    .whereNotNull('platform_role')
    .select('id', 'full_name', 'platform_role')
    .first()
  if (!person) throw new E_NOT_FOUND()
  await setRole(person, null)
  return person
}
