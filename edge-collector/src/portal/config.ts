import { join } from 'node:path'
import {
  checkConfig,
  checkSignedConfig,
  type EdgeConfig,
  type SignedConfig,
} from '../../protocol/messages.js'
import { configBytes, isSignedBy, publicKeyOf } from '../../protocol/signing.js'
import { readIfThere, writePrivate } from './files.js'
import type { Membership } from './identity.js'

/** Why a config is not obeyed. */
export class ConfigRefused extends Error {
  readonly reason:
    'bad_form' | 'bad_signature' | 'other_collector' | 'older' | 'same_version_differs'
  constructor(reason: ConfigRefused['reason'], detail = '') {
    super(`config refused: ${reason}${detail && ` (${detail})`}`)
    this.name = 'ConfigRefused'
    this.reason = reason
  }
}

type Believed = Pick<Membership, 'collectorId' | 'configKey'>

/** The config in a signed one. Throws ConfigRefused. */
export function openConfig(signed: unknown, believed: Believed): EdgeConfig {
  const bad = checkSignedConfig(signed)
  if (bad) throw new ConfigRefused('bad_form', `${bad.field} ${bad.reason}`)
  const { payload, signature } = signed as SignedConfig
  const bytes = Buffer.from(payload, 'base64url')
  if (!isSignedBy(configBytes(bytes), signature, publicKeyOf(believed.configKey))) {
    throw new ConfigRefused('bad_signature')
  }
  const config = parsed(bytes)
  const fault = checkConfig(config)
  if (fault) throw new ConfigRefused('bad_form', `${fault.field} ${fault.reason}`)
  if ((config as EdgeConfig).collectorId !== believed.collectorId) {
    throw new ConfigRefused('other_collector')
  }
  return config as EdgeConfig
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw new ConfigRefused('bad_form', String(error))
  }
}

/** What this collector is told, on disk in the form that was signed, so that it starts without a portal. */
export class ConfigStore {
  readonly #file: string
  readonly #believed: Believed
  #signed: SignedConfig | null = null
  #config: EdgeConfig | null = null

  /** Why the stored config is not believed; it is as if there were none. */
  readonly damage: string | null = null

  constructor(folder: string, believed: Believed) {
    this.#file = join(folder, 'config.json')
    this.#believed = believed
    const stored = readIfThere(this.#file)
    if (stored === null) return
    try {
      const signed = parsed(Buffer.from(stored))
      this.#config = openConfig(signed, believed)
      this.#signed = signed as SignedConfig
    } catch (error) {
      if (!(error instanceof ConfigRefused)) throw error
      this.damage = error.message
    }
  }

  /** Null before the first one. */
  get config(): EdgeConfig | null {
    return this.#config
  }

  get version(): number {
    return this.#config?.version ?? 0
  }

  /** Takes a newer config and gives whether it is one. Throws ConfigRefused or what the disk says. */
  take(signed: unknown): boolean {
    const config = openConfig(signed, this.#believed)
    if (config.version < this.version) throw new ConfigRefused('older', `version ${config.version}`)
    if (config.version === this.version) {
      if ((signed as SignedConfig).payload === this.#signed?.payload) return false
      throw new ConfigRefused('same_version_differs', `version ${config.version}`)
    }
    const { payload, signature } = signed as SignedConfig
    // Kept first: what is obeyed now must not be forgotten by a restart.
    writePrivate(this.#file, `${JSON.stringify({ payload, signature })}\n`)
    this.#signed = { payload, signature }
    this.#config = config
    return true
  }
}
