import { compose } from '@adonisjs/core/helpers'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import { isId } from '#core/ids'
import { Tenanted } from '#core/model'
import { FleetImportSchema } from '#database/schema'
import type { Outcome } from '../domain/import_decide.js'
import { E_IMPORT_STATE } from '../services/import_errors.js'
import type { ListReading } from '../services/import_reading.js'

export type ImportCounts = Partial<Record<Outcome, number>>

/** A list of miners that somebody sent. Nobody else sees it: it may name what they may not see. */
export default class MinerImport extends compose(FleetImportSchema, Tenanted) {
  static table = 'fleet_imports'

  declare kind: 'csv' | 'xlsx'
  declare state: 'draft' | 'checked' | 'applied'
  declare reading: ListReading
  declare counts: ImportCounts

  /** The list with this id that this person sent, or E_NOT_FOUND; held until the transaction ends. */
  static async own(id: unknown): Promise<MinerImport> {
    if (!isId(id)) throw new E_NOT_FOUND()
    const query = MinerImport.query().where('id', id).forUpdate()
    const { userId } = current.get()
    if (userId) query.where('createdBy', userId)
    else query.whereNull('createdBy')
    const found = await query.first()
    if (!found) throw new E_NOT_FOUND()
    return found as MinerImport
  }

  /** The file as it was sent. */
  async file(): Promise<Buffer> {
    const row = await current
      .get()
      .client.from('fleet_import_files')
      .where(this.rowsKey)
      .select('content')
      .first()
    if (!row) throw new E_NOT_FOUND()
    return row.content
  }

  /** Whether the file is still there; it goes before the record of what it did. */
  async hasFile(): Promise<boolean> {
    const { client } = current.get()
    return Boolean(await client.from('fleet_import_files').where(this.rowsKey).select(1).first())
  }

  get rowsKey() {
    return { tenant_id: this.tenantId, import_id: this.id }
  }

  refuseApplied() {
    if (this.state === 'applied') throw new E_IMPORT_STATE()
  }
}
