import type { Command } from './command.js'

/** A command whose code is loaded when somebody asks for it: the launcher stays small beside the rest. */
export interface Offered {
  name: string
  load(): Promise<Command>
}

/** All commands, in the order of the help. A new one is a file and a line here. */
export const COMMANDS: readonly Offered[] = [
  { name: 'enroll', load: async () => (await import('./enroll.js')).enroll },
  { name: 'run', load: async () => (await import('./run.js')).run },
  { name: 'status', load: async () => (await import('./status.js')).status },
  { name: 'doctor', load: async () => (await import('./doctor.js')).doctor },
  { name: 'scan', load: async () => (await import('./scan.js')).scan },
  { name: 'read', load: async () => (await import('./read.js')).read },
  { name: 'drivers', load: async () => (await import('./drivers.js')).drivers },
  { name: 'simulate', load: async () => (await import('./simulate.js')).simulate },
  { name: 'demo', load: async () => (await import('./demo.js')).demo },
  { name: 'trust', load: async () => (await import('./trust.js')).trust },
  { name: 'unit', load: async () => (await import('./unit.js')).unit },
  { name: 'uninstall', load: async () => (await import('./uninstall.js')).uninstall },
]
