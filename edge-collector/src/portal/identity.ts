import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { object, text } from '../../protocol/check.js'
import type { EnrollAnswer } from '../../protocol/messages.js'
import { privateKeyOf } from '../../protocol/signing.js'
import { readIfThere, writePrivate } from './files.js'

/** Who this collector is, and whom it believes. */
export interface Membership {
  portal: string
  collectorId: string
  name: string
  site: EnrollAnswer['site']
  /** Pinned for good: configs of another key are refused. */
  configKey: string
  enrolledAt: number
}

export interface Identity extends Membership {
  key: KeyObject
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
const checkMembership = object({
  portal: text(300, /^https?:\/\/[^/]+$/),
  collectorId: text(36, UUID),
  name: text(200),
  site: object({ id: text(36, UUID), name: text(200), timeZone: text(60) }),
  configKey: text(43, /^[\w-]{43}$/),
})

const keyFile = (folder: string) => join(folder, 'key.pem')
const membershipFile = (folder: string) => join(folder, 'identity.json')

/** The key pair of this machine. It is made here at the first call and never leaves the folder. */
export function ownKey(folder: string): KeyObject {
  const pem = readIfThere(keyFile(folder))
  if (pem !== null) return privateKeyOf(pem)
  const { privateKey } = generateKeyPairSync('ed25519')
  writePrivate(keyFile(folder), String(privateKey.export({ type: 'pkcs8', format: 'pem' })))
  return privateKey
}

/** Takes a key that was made elsewhere: a demo has nothing to protect. */
export const saveKey = (folder: string, pem: string): void => writePrivate(keyFile(folder), pem)

/** Keeps what the portal said at enrolment. Throws when it is not what it should be. */
export function saveMembership(folder: string, membership: Membership): void {
  const fault = checkMembership(membership)
  if (fault) throw new Error(`the portal's answer is not usable: ${fault.field} ${fault.reason}`)
  writePrivate(membershipFile(folder), `${JSON.stringify(membership, null, 2)}\n`)
}

/** Null when this folder was never enrolled. */
export function loadMembership(folder: string): Membership | null {
  const stored = readIfThere(membershipFile(folder))
  if (stored === null) return null
  const membership: unknown = JSON.parse(stored)
  const fault = checkMembership(membership)
  if (fault) throw new Error(`identity.json is damaged: ${fault.field} ${fault.reason}`)
  return membership as Membership
}

export function loadIdentity(folder: string): Identity | null {
  const membership = loadMembership(folder)
  return membership && { ...membership, key: ownKey(folder) }
}
