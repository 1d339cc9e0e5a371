import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { isOlder, PACKAGE_LIMITS, type UpdateOrder } from '../../protocol/updates.js'
import { BadPackage, type PackedFile, readTar } from './tar.js'

const BIN = 'bin/hashinsight-edge.js'

/** The files of a package, if it is the very one that was ordered. Throws BadPackage. */
export function openPackage(packed: Buffer, order: UpdateOrder, running: string): PackedFile[] {
  if (isOlder(order.version, running) && !order.mayDowngrade) {
    throw new BadPackage(
      `${order.version} is older than ${running}, and the order does not allow it`
    )
  }
  const sha256 = createHash('sha256').update(packed).digest('hex')
  if (sha256 !== order.sha256) throw new BadPackage(`its SHA-256 is ${sha256}, not the ordered one`)
  const files = readTar(inflated(packed))
  const manifest = files.find(({ name }) => name === 'package.json')
  const said: unknown = manifest && parsed(manifest.bytes)
  if ((said as { version?: unknown } | undefined)?.version !== order.version) {
    throw new BadPackage('its version is not the ordered one')
  }
  if (!files.some(({ name }) => name === BIN)) throw new BadPackage(`there is no ${BIN}`)
  return files
}

function inflated(packed: Buffer): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: PACKAGE_LIMITS.unpackedBytes })
  } catch (error) {
    throw new BadPackage(`it cannot be unpacked: ${(error as Error).message}`)
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw new BadPackage('its package.json is no JSON')
  }
}
