import { args } from '@adonisjs/core/ace'
import { TenantCommand } from '#core/command'

/** One miner with its boards, pools and faults. */
export default class FleetMiner extends TenantCommand {
  static commandName = 'fleet:miner'
  static description = 'One miner now, by its number, with boards, pools and faults'
  static permission = 'fleet.miner.view'

  @args.string({ description: 'The number of the miner' })
  declare no: string

  async inTenant() {
    const { E_NOT_FOUND } = await import('#core/errors')
    const { minerRows } = await import('../services/miners_table.js')
    const { minerAnswer } = await import('../services/telemetry_answers.js')
    const no = /^#?(\d{1,9})$/.exec(this.no)?.[1]
    const [row] = no ? await minerRows().where('f.no', Number(no)) : []
    if (!row) throw new E_NOT_FOUND()
    const answer = await minerAnswer(row.id)
    for (const [name, value] of Object.entries(answer)) {
      if (typeof value !== 'object' || value === null)
        this.say(`${name.padEnd(18)} ${value ?? '—'}`)
    }
    return answer
  }
}
