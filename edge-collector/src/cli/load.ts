import { systemTime } from '../poll/time.js'
import { PortalClient } from '../portal/client.js'
import { loadIdentity } from '../portal/identity.js'
import { Refusal } from '../portal/refusal.js'
import { createTransport } from '../portal/transport.js'
import type { Fleet } from '../simulator/fleet.js'
import { type LoadReport, LoadRefused, postLoad } from '../simulator/load.js'

interface Wish {
  fleet: Fleet
  /** State folder of an enrolled collector that does not run. */
  folder: string
  everyMs: number
  rounds: number
  signal: AbortSignal
  say(line: string): void
}

/** Sends the load of a fleet as that collector. Throws Refusal. */
export async function runLoad({ folder, ...wish }: Wish): Promise<LoadReport> {
  const identity = loadIdentity(folder)
  if (!identity) throw new Refusal(`${folder} is not enrolled; use "enroll" first`)
  const transport = createTransport(new URL(identity.portal))
  try {
    const client = new PortalClient(identity, transport, systemTime)
    return await postLoad({ ...wish, client, time: systemTime })
  } catch (error) {
    if (error instanceof LoadRefused) throw new Refusal(error.message)
    throw error
  } finally {
    transport.close()
  }
}
