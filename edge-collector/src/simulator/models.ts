import type { Model } from './contract.js'

/**
 * What can be simulated. Hashrate and power are those of the makers' data sheets (bitmain.com,
 * whatsminer.com, canaan.io, bitaxe.org); chips, frequency and voltage are those that machines of
 * the model report.
 */
type Parts = [boards: number, chips: number, fans: number, frequencyMhz: number, voltageV: number]

const model = (
  face: string,
  name: string,
  [hashrateThs, powerW]: readonly [number, number],
  [boards, chipsPerBoard, fans, frequencyMhz, boardVoltageV]: Parts
): Model => ({
  name,
  face,
  hashrateThs,
  powerW,
  boards,
  chipsPerBoard,
  fans,
  frequencyMhz,
  boardVoltageV,
})

const S19J_PRO = [104, 3068] as const
const S19J_PRO_PARTS: Parts = [3, 126, 4, 545, 13.6]

export const MODELS: readonly Model[] = [
  model('antminer', 'Antminer S19 Pro', [110, 3250], [3, 114, 4, 675, 13.8]),
  model('antminer', 'Antminer S19j Pro', S19J_PRO, S19J_PRO_PARTS),
  model('antminer', 'Antminer S19 XP', [140, 3010], [3, 110, 4, 560, 13.2]),
  model('antminer', 'Antminer S21', [200, 3500], [3, 108, 4, 490, 14.2]),
  model('antminer', 'Antminer S21 Pro', [234, 3510], [3, 65, 4, 545, 14]),
  model('whatsminer', 'M30S++_VG40', [112, 3472], [3, 111, 2, 690, 13.3]),
  model('whatsminer', 'M50S_VH30', [126, 3276], [3, 117, 2, 640, 13]),
  model('whatsminer_v3', 'M60S_VK30', [186, 3441], [3, 140, 2, 610, 14.3]),
  model('avalon', 'A1246', [90, 3420], [3, 120, 4, 600, 12.9]),
  model('avalon', 'A1566', [185, 3420], [3, 160, 4, 560, 13.1]),
  model('braiins_rest', 'Antminer S19j Pro (Braiins)', S19J_PRO, S19J_PRO_PARTS),
  model('braiins_graphql', 'Antminer S19 (Braiins 23)', [95, 3250], [3, 76, 4, 650, 13.9]),
  model('luxos', 'Antminer S19K Pro (LuxOS)', [120, 2760], [3, 77, 4, 565, 13.1]),
  model('vnish', 'Antminer S19j Pro (VNish)', S19J_PRO, S19J_PRO_PARTS),
  model('epic', 'Antminer S19 XP (ePIC)', [140, 3010], [3, 110, 4, 560, 13.2]),
  model('axeos', 'Bitaxe Supra', [0.7, 14], [1, 1, 1, 575, 1.2]),
  model('axeos', 'NerdQAxe++', [4.8, 76], [1, 4, 2, 600, 1.15]),
  model('cgminer', 'cgminer rig', [13.5, 1372], [3, 63, 2, 650, 8.9]),
]

/**
 * In place of a model for a machine that is a recording: what it does behind its answers is of no
 * meaning, and sums of the site leave it out.
 */
export const RECORDED: Model = model('replay', 'a recording', [1, 1], [1, 1, 1, 1, 1])

/** The model with this name, whatever the case. Throws with the names that there are. */
export function modelNamed(name: string): Model {
  const found = MODELS.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (found) return found
  throw new RangeError(`no model "${name}"; there are: ${MODELS.map((one) => one.name).join(', ')}`)
}
