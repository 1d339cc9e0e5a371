import { antminer } from './antminer/index.js'
import { avalon } from './avalon/index.js'
import { cgminer } from './cgminer/index.js'
import { saying } from './confirm.js'
import type { Driver } from './contract.js'
import { HTTP_DRIVERS } from './http_drivers.js'
import { luxos } from './luxos/index.js'
import { sealminer } from './sealminer/index.js'
import { fitting } from './web/fit.js'
import { whatsminer } from './whatsminer/index.js'
import { whatsminerV3 } from './whatsminer_v3/index.js'

const RPC_DRIVERS: Driver[] = [
  luxos,
  whatsminerV3,
  whatsminer,
  antminer,
  avalon,
  sealminer,
  cgminer,
]

/** Every family that the collector knows; what they read fits the protocol. */
export const DRIVERS: readonly Driver[] = [...HTTP_DRIVERS, ...RPC_DRIVERS.map(fitting)].map(saying)

/** The driver of a miner that was stored with this name; null when it is gone. */
export const driverNamed = (name: string): Driver | null =>
  DRIVERS.find((driver) => driver.name === name) ?? null
