import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { newId } from '#core/ids'
import { privateKeyOf } from '#edge/protocol/signing'
import { theHost } from '#core/host'

/**
 * The key that signs what collectors of a tenant are told: one file for each tenant, readable by
 * the portal alone. Its public half is pinned by each collector for good when it enrols, so the
 * file must be part of every backup.
 */
export async function configKeyOf(tenantId: string): Promise<KeyObject> {
  const folder = join(theHost().home(), 'config-keys')
  const file = join(folder, `${tenantId}.pem`)
  try {
    return privateKeyOf(await readFile(file, 'utf8'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { privateKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  const draft = join(folder, `${newId()}.new`)
  await writeFile(draft, pem, { mode: 0o600, flag: 'wx' })
  try {
    // Linking fails where another process was first: then that key counts.
    await link(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await rm(draft)
  }
  return privateKeyOf(await readFile(file, 'utf8'))
}
