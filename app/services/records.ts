import type { HttpContext } from '@adonisjs/core/http'
import type { LucidModel, LucidRow } from '@adonisjs/lucid/types/model'
import { DateTime } from 'luxon'
import { E_NOT_FOUND } from '#core/errors'
import { type Changes, changesOf } from '#core/events'
import { refuseField } from '#core/form'
import { isId } from '#core/ids'

/** The record of the current tenant and scope; a foreign one is as missing as one that never was. */
export async function findRecord<M extends LucidModel>(
  model: M,
  id: unknown
): Promise<InstanceType<M>> {
  if (!isId(id)) throw new E_NOT_FOUND()
  const record = await model.query().where(`${model.table}.id`, id).first()
  if (!record) throw new E_NOT_FOUND()
  return record as InstanceType<M>
}

/** Puts new values into a record and saves it. Returns what changed; nothing is saved when nothing did. */
export async function applyChanges(
  record: LucidRow,
  values: Record<string, unknown>
): Promise<Changes> {
  record.merge(values)
  const changes = changesOf(record)
  if (Object.keys(changes).length > 0) await record.save()
  return changes
}

/** Archives a record (true) or brings it back (false). False when it already was so. */
export async function setArchived(
  record: LucidRow & { archivedAt: DateTime | null },
  archived: boolean
): Promise<boolean> {
  if (Boolean(record.archivedAt) === archived) return false
  record.archivedAt = archived ? DateTime.utc() : null
  await record.save()
  return true
}

const UNIQUE_VIOLATION = '23505'

/**
 * Saves, and tells a code that is taken beside its field. The database decides: it also knows the
 * records that this person does not see, and two people who save at once.
 */
export async function withUniqueCode<T>(
  { i18n }: HttpContext,
  code: string,
  save: () => Promise<T>
) {
  try {
    return await save()
  } catch (error) {
    if ((error as { code?: string }).code !== UNIQUE_VIOLATION) throw error
    throw refuseField('code', i18n.t('admin.code_taken', { code }), 'unique')
  }
}
