import { type MeterConfig, type MeterSample } from '../../protocol/meters.js'
import { isUnitSilent } from '../modbus/frame.js'
import { type Gateway, ModbusException, ModbusSilence } from '../modbus/gateway.js'
import { type Block, blocksOf, bytesIn } from './blocks.js'
import { decode } from './decode.js'

type Values = Partial<Record<MeterConfig['registers'][number]['field'], number | null>>

/** What a meter says, and what it does not. */
export type MeterReading = Pick<MeterSample, 'outcome' | 'trouble'> & Values

const MOST_TEXT = 200

/**
 * Asks a meter for everything that its map names. What it refuses or what cannot be is null and
 * named; a meter that does not answer one question is not asked the next.
 */
export async function readMeter(
  config: MeterConfig,
  gateway: Pick<Gateway, 'read'>,
  signal?: AbortSignal
): Promise<MeterReading> {
  const values: Values = {}
  const troubles: string[] = []
  let isSilent = false
  for (const block of blocksOf(config.registers)) {
    for (const { field } of block.registers) values[field] = null
    if (isSilent) continue
    const bytes = await asked(block, { config, gateway, signal }, troubles)
    isSilent = bytes === 'silent'
    if (bytes instanceof Buffer) fill(values, { block, bytes, config, troubles })
  }
  return { ...values, ...verdict(values, troubles, isSilent) }
}

interface Asking {
  config: MeterConfig
  gateway: Pick<Gateway, 'read'>
  signal: AbortSignal | undefined
}

async function asked(block: Block, { config, gateway, signal }: Asking, troubles: string[]) {
  const { fn, address, count } = block
  try {
    return await gateway.read({ unit: config.unit, fn, address, count }, signal)
  } catch (error) {
    if (!(error instanceof ModbusException || error instanceof ModbusSilence)) throw error
    troubles.push(`${fn}/${address}: ${error.message}`)
    const isGone = error instanceof ModbusSilence || isUnitSilent(error.code)
    return isGone ? ('silent' as const) : null
  }
}

interface Filling {
  block: Block
  bytes: Buffer
  config: MeterConfig
  troubles: string[]
}

function fill(values: Values, { block, bytes, config, troubles }: Filling): void {
  for (const register of block.registers) {
    const decoded = decode(bytesIn(block, bytes, register), register, config)
    if ('trouble' in decoded) troubles.push(decoded.trouble)
    else values[register.field] = decoded.value
  }
}

function verdict(values: Values, troubles: string[], isSilent: boolean) {
  const isAnything = Object.values(values).some((value) => value !== null)
  const trouble = troubles.length > 0 ? troubles.join('; ').slice(0, MOST_TEXT) : null
  if (!isAnything && isSilent) return { outcome: 'unreachable' as const, trouble }
  if (!isAnything && trouble) return { outcome: 'refused' as const, trouble }
  return { outcome: trouble ? ('partial' as const) : ('ok' as const), trouble }
}
