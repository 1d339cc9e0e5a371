import { current } from '#core/current'
import { asSystem, type TestTenant } from '#tests/helpers'
import MinerImport from '../../models/miner_import.js'
import { applyImport } from '../../services/import_apply.js'
import { type AskedMapping, checkImport, keepImport } from '../../services/import_store.js'
import { rowsIn } from './fleet_rows.js'

/** Keeps and checks a list as the console would: its id and what each row would do. */
export async function checkList(
  tenant: TestTenant,
  text: string | Buffer,
  asked: AskedMapping = {},
  name = 'list.csv'
) {
  await countOn(tenant)
  const id = await asSystem(tenant, async () => {
    const list = await keepImport(name, Buffer.from(text))
    await checkImport(list, asked)
    return list.id
  })
  return { id, ...(await planOf(tenant, id)) }
}

/** Miners that a test made have numbers of their own choice: the next one comes after them. */
export const countOn = (tenant: TestTenant) =>
  asSystem(tenant, () =>
    current.get().client.rawQuery(
      `insert into fleet_counters (tenant_id, next_miner_no)
       select ?::uuid, 1 + coalesce(max(no), 0) from fleet_miners where tenant_id = ?
       on conflict (tenant_id) do update set
         next_miner_no = greatest(fleet_counters.next_miner_no, excluded.next_miner_no)`,
      [tenant.id, tenant.id]
    )
  )

export async function planOf(tenant: TestTenant, id: string) {
  const rows = await rowsIn(tenant, 'fleet_import_rows', { import_id: id })
  rows.sort((a, b) => a.line - b.line)
  return { rows, outcomes: rows.map(({ outcome }) => outcome as string) }
}

/** Applies what was checked. */
export const applyList = (tenant: TestTenant, id: string) =>
  asSystem(tenant, async () => {
    const list = await MinerImport.own(id)
    return applyImport(list, list.planHash!)
  })

/** Checks and applies in one go; the outcomes. */
export async function importList(tenant: TestTenant, text: string | Buffer, asked?: AskedMapping) {
  const { id, outcomes } = await checkList(tenant, text, asked)
  if (!(await applyList(tenant, id))) throw new Error('the fleet changed in between')
  return outcomes
}

/** Sets columns of miners, as a test wants them. */
export const setRows = (tenant: TestTenant, table: string, where: object, values: object) =>
  asSystem(tenant, () => current.get().client.from(table).where(where).update(values))
