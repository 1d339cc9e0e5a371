import type { Command } from './command.js'
import { demo } from './demo.js'
import { doctor } from './doctor.js'
import { drivers } from './drivers.js'
import { enroll } from './enroll.js'
import { read } from './read.js'
import { run } from './run.js'
import { scan } from './scan.js'
import { simulate } from './simulate.js'
import { status } from './status.js'
import { trust } from './trust.js'
import { uninstall } from './uninstall.js'
import { unit } from './unit.js'

/** All commands, in the order of the help. A new one is a file and a line here. */
export const COMMANDS: readonly Command[] = [
  enroll,
  run,
  status,
  doctor,
  scan,
  read,
  drivers,
  simulate,
  demo,
  trust,
  unit,
  uninstall,
]
