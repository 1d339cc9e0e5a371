import type { Face, Model } from './contract.js'
import { FACTORIES, type Factory } from './factory.js'
import { replayOf } from './faces/replay.js'
import type { Group } from './fleet_file.js'
import { modelNamed, RECORDED } from './models.js'
import { templateIn } from './template.js'

/** What the machines of a group are: of a model, or recordings. */
export interface Kind {
  model: Model
  replay: Face | null
}

/** Null: no machines. Throws RangeError when it is nothing, or several things. */
export function kindOf({ base, model, template, stranger }: Group): Kind | null {
  if ([model, template, stranger].filter((one) => one !== undefined).length !== 1) {
    throw new RangeError(`the group at ${base} needs either a model, a template or a stranger`)
  }
  if (model !== undefined) return { model: modelNamed(model), replay: null }
  return template === undefined ? null : { model: RECORDED, replay: replayOf(templateIn(template)) }
}

/** Of a recording: its answers say it, and it lets anybody in. */
const UNKNOWN: Factory = { firmwareVersion: 'recorded', account: { user: '', password: '' } }

export const factoryOf = ({ face }: Model): Factory => FACTORIES[face] ?? UNKNOWN
