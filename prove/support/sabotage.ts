import { gunzipSync } from 'node:zlib'
import type { PortalClient } from '../../edge-collector/src/portal/client.js'

const DROPPED_SEQ = 2

type Client = Pick<PortalClient, 'postGzip' | 'offsetMs'>

/**
 * A client that is broken on purpose: of one batch it says that the portal has it, without sending
 * it. The proof must find that out.
 */
export function sabotaged(client: PortalClient, isBroken: boolean): Client {
  if (!isBroken) return client
  return {
    offsetMs: () => client.offsetMs(),
    postGzip: async (...args: Parameters<PortalClient['postGzip']>) => {
      const [name, gz] = args
      if (name !== 'telemetry') return client.postGzip(...args)
      const batch = JSON.parse(gunzipSync(gz).toString())
      if (batch.seq !== DROPPED_SEQ) return client.postGzip(...args)
      // Under its number goes an empty one, so that the portal sees no gap either.
      const { gzipSync } = await import('node:zlib')
      return client.postGzip(name, gzipSync(JSON.stringify({ ...batch, samples: [] })), args[2])
    },
  }
}
