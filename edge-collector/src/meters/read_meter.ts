import { type Flag, type MeterConfig, type Register, wordsOfType } from '../../protocol/meters.js'
import { isUnitSilent } from '../modbus/frame.js'
import { type Gateway, ModbusException, ModbusSilence } from '../modbus/gateway.js'
import { type Block, blocksOf, bytesIn, type Piece } from './blocks.js'
import { decode } from './decode.js'
import { Findings, type MeterReading } from './findings.js'
import { readHttp } from './read_http.js'

export type { MeterReading } from './findings.js'

/** How the bytes of a piece become findings. */
interface Asked extends Piece {
  /** Null: they did not come. */
  take(bytes: Buffer | null, findings: Findings, config: MeterConfig): void
}

/**
 * Asks a meter for everything that its map names. What it refuses or what cannot be is null and
 * named; a meter that does not answer one question is not asked the next.
 */
export async function readMeter(
  config: MeterConfig,
  gateway: Pick<Gateway, 'read'>,
  signal?: AbortSignal
): Promise<MeterReading> {
  if (config.http) return readHttp(config, config.http)
  const findings = new Findings(config)
  let isSilent = false
  for (const block of questionsOf(config)) {
    const bytes: Buffer | 'silent' | null = isSilent
      ? null
      : await asked(block, { config, gateway, signal }, findings)
    isSilent ||= bytes === 'silent'
    for (const piece of block.pieces) {
      const own = bytes instanceof Buffer ? bytesIn(block, bytes, piece) : null
      piece.take(own, findings, config)
    }
  }
  return findings.reading(isSilent)
}

/** Values, alarms and sockets apart: a device may not have all of them. */
const questionsOf = ({ registers, flags, outlets }: MeterConfig): Block<Asked>[] => [
  ...blocksOf(registers.map(valueOf)),
  ...blocksOf((flags ?? []).map(alarmOf)),
  ...blocksOf(outlets ? [socketsOf(outlets)] : []),
]

const valueOf = (register: Register): Asked => ({
  fn: register.fn,
  address: register.address,
  words: wordsOfType(register.type),
  take: (bytes, findings, config) => {
    findings.expect(register.field)
    if (bytes) findings.take(register.field, decode(bytes, register, config))
  },
})

const alarmOf = ({ code, fn, address, bit, is }: Flag): Asked => ({
  fn,
  address,
  words: 1,
  take: (bytes, findings) => {
    if (bytes === null) return findings.missAlarms()
    const word = bytes.readUInt16BE(0)
    findings.alarm(code, (bit === null ? word : (word >> bit) & 1) === is)
  },
})

const socketsOf = ({ fn, address, count, on }: NonNullable<MeterConfig['outlets']>): Asked => ({
  fn,
  address,
  words: count,
  take: (bytes, findings) => {
    findings.expect('outlets_on')
    if (bytes === null) return
    const words = Array.from({ length: count }, (_, index) => bytes.readUInt16BE(index * 2))
    findings.take('outlets_on', { value: words.filter((word) => word === on).length })
  },
})

interface Asking {
  config: MeterConfig
  gateway: Pick<Gateway, 'read'>
  signal: AbortSignal | undefined
}

async function asked(
  block: Block<Asked>,
  { config, gateway, signal }: Asking,
  findings: Findings
): Promise<Buffer | 'silent' | null> {
  const { fn, address, count } = block
  try {
    return await gateway.read({ unit: config.unit, fn, address, count }, signal)
  } catch (error) {
    if (!(error instanceof ModbusException || error instanceof ModbusSilence)) throw error
    findings.troubled(`${fn}/${address}: ${error.message}`)
    const isGone = error instanceof ModbusSilence || isUnitSilent(error.code)
    return isGone ? 'silent' : null
  }
}
