import { METER_MAPS } from '../../protocol/meter_maps.js'
import { DRIVERS } from '../drivers/registry.js'
import { type Command, EXIT, UsageError } from './command.js'
import { table } from './table.js'

/** Which families and devices there are, and how sure we are of each. */
export const drivers: Command = {
  name: 'drivers',
  usage: '[--json]',
  summary: 'list the miners and the other devices that this version reads',
  options: { json: { type: 'boolean' } },
  help: `  --json           print JSON

  recorded: checked against answers of real machines; constructed: against answers that were
  written after the maker's documents; none: not checked. Meters, sensors, PDUs and containers
  are read after the source that stands with them and are unverified on hardware.`,
  run: ({ words, options }, { out }) => {
    if (words.length > 0) throw new UsageError(`"${words[0]}" is one word too many`)
    out(options.json ? JSON.stringify([...miners(), ...devices()], null, 2) : tables())
    return Promise.resolve(EXIT.done)
  },
}

const miners = () =>
  DRIVERS.map(({ name, label, evidence }) => ({ name, kind: 'miner', label, evidence }))

const devices = () =>
  METER_MAPS.map(({ name, kind, label, source }) => ({
    name,
    kind,
    label,
    evidence: 'constructed',
    source,
  }))

const tables = () =>
  [
    table([
      ['NAME', 'FAMILY', 'CHECKED'],
      ...miners().map(({ name, label, evidence }) => [name, label, evidence]),
    ]),
    table([
      ['NAME', 'KIND', 'DEVICE', 'UNVERIFIED ON HARDWARE, READ AFTER'],
      ...devices().map(({ name, kind, label, source }) => [name, kind, label, source]),
    ]),
  ].join('\n\n')
