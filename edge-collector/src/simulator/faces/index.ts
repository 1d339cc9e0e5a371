import type { Face } from '../contract.js'
import { antminer } from './antminer.js'
import { avalon } from './avalon/index.js'
import { axeos } from './axeos/index.js'
import { braiinsGraphql } from './braiins_graphql/index.js'
import { braiinsRest } from './braiins_rest/index.js'
import { cgminer } from './cgminer.js'
import { epic } from './epic/index.js'
import { luxos } from './luxos/index.js'
import { vnish } from './vnish/index.js'
import { whatsminer } from './whatsminer/index.js'
import { whatsminerV3 } from './whatsminer_v3/index.js'

const ALL: readonly Face[] = [
  antminer,
  avalon,
  axeos,
  braiinsGraphql,
  braiinsRest,
  cgminer,
  epic,
  luxos,
  vnish,
  whatsminer,
  whatsminerV3,
]

/** How each family speaks, by the name of the driver that reads it. */
export const FACES: Readonly<Record<string, Face>> = Object.fromEntries(
  ALL.map((face) => [face.name, face])
)
