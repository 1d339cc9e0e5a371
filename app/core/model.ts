import type { NormalizeConstructor } from '@adonisjs/core/types/helpers'
import { Adapter, type BaseModel, beforeCreate, column } from '@adonisjs/lucid/orm'
import type { LucidModel, ModelAdapterOptions } from '@adonisjs/lucid/types/model'
import { current } from '#core/current'
import { newId } from '#core/ids'

/** Sends every query of a model through the transaction of the current actor. */
class CurrentAdapter extends Adapter {
  override modelConstructorClient(_model: LucidModel, options?: ModelAdapterOptions) {
    return options?.client ?? current.get().client
  }
}

const adapter = new CurrentAdapter(undefined as never)

/** A record that all tenants share: read with the rights of the current actor, written by nobody here. */
export function Shared<T extends NormalizeConstructor<typeof BaseModel>>(base: T) {
  class SharedModel extends base {
    static $adapter = adapter
    static selfAssignPrimaryKey = true
  }
  return SharedModel
}

/**
 * A record that belongs to a tenant. The database confines it (row-level security); the tenant
 * condition is also in every query, so that a distributed database asks one shard only.
 */
export function Tenanted<T extends NormalizeConstructor<typeof BaseModel>>(base: T) {
  class TenantedModel extends base {
    static $adapter = adapter
    static selfAssignPrimaryKey = true

    /** The generated classes take tenant_id for the key: saving would then change every row of a tenant. */
    @column({ isPrimary: true })
    declare id: string
    declare tenantId: string

    // eslint-disable-next-line @typescript-eslint/no-explicit-any
    static query(this: LucidModel, options?: ModelAdapterOptions): any {
      const query = super.query(options)
      return query.where(`${this.table}.tenant_id`, current.tenantId())
    }

    @beforeCreate()
    static own(record: TenantedModel) {
      record.id ??= newId()
      record.tenantId = current.tenantId()
    }
  }
  return TenantedModel as typeof TenantedModel & T
}
