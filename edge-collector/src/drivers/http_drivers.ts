import { auradine } from './auradine/index.js'
import { axeos } from './axeos/index.js'
import { blackminer } from './blackminer/index.js'
import { braiinsGraphql } from './braiins_graphql/index.js'
import { braiinsRest } from './braiins_rest/index.js'
import type { Driver } from './contract.js'
import { elphapex } from './elphapex/index.js'
import { epic } from './epic/index.js'
import { goldshell } from './goldshell/index.js'
import { innosilicon } from './innosilicon/index.js'
import { marathon } from './marathon/index.js'
import { proto } from './proto/index.js'
import { fitting } from './web/fit.js'
import { vnish } from './vnish/index.js'

const DRIVERS: Driver[] = [
  braiinsRest,
  braiinsGraphql,
  vnish,
  epic,
  axeos,
  auradine,
  proto,
  elphapex,
  blackminer,
  marathon,
  innosilicon,
  goldshell,
]

/** Families whose miners are mostly spoken to over HTTP; what they read fits the protocol. */
export const HTTP_DRIVERS: readonly Driver[] = DRIVERS.map(fitting)
