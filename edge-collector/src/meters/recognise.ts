import { METER_MAPS } from '../../protocol/meter_maps.js'
import type { MeterMap } from '../../protocol/meters.js'
import { type Gateway, ModbusException, ModbusSilence } from '../modbus/gateway.js'
import { PRODUCT, VENDOR } from '../modbus/identification.js'
import { cleanText } from '../values/text.js'
import { type HttpPatience, pageOf } from './read_http.js'

/** A device by what it says itself. */
export interface Recognised {
  /** Null: it says what it is, and there is no map of it. */
  map: MeterMap | null
  /** In its own words. */
  says: string
}

type Line = Pick<Gateway, 'read' | 'identify'>

/**
 * By function 43/14, which DOCA0005EN lists; the product code is the catalogue number (Schneider
 * Electric, iEM3400/iEM3500 user manual, "Read Device Identification").
 */
const SCHNEIDER = /^A9MEM3[123]/i
/** 2CMC48001M0201 rev. C, page 113: "Type designation", 0x8960, six registers of ASCII. */
const ABB_TYPE = { fn: 3, address: 0x8960, count: 6 } as const
const ABB = /^(A43|A44|B23|B24)\b/

const named = (name: string) => METER_MAPS.find((map) => map.name === name)!

/** Null: nobody is there, or it does not say what it is. Nothing is guessed from values. */
export async function recogniseModbus(gateway: Line, unit: number): Promise<Recognised | null> {
  const said = await heard(gateway.identify(unit))
  const [vendor, product] = [said?.get(VENDOR), said?.get(PRODUCT)]
  if (vendor === 'Schneider Electric' && SCHNEIDER.test(product ?? '')) {
    return { map: named('schneider_iem3000'), says: `${vendor} ${product}` }
  }
  const type = await heard(gateway.read({ unit, ...ABB_TYPE }))
  const text = cleanText(type?.toString('latin1'))
  if (text !== null && ABB.test(text)) return { map: named('abb_eq'), says: text }
  const says = [vendor, product].filter(Boolean).join(' ')
  return says ? { map: null, says } : null
}

/** A page is recognised by all the keys that its map reads. */
export async function recognisePage(
  place: { ip: string; port: number },
  patience?: HttpPatience
): Promise<Recognised | null> {
  const pages = Map.groupBy(
    METER_MAPS.filter(({ http }) => http),
    ({ http }) => http!.path
  )
  for (const maps of pages.values()) {
    const said = await pageOf(place, maps[0]!.http!, patience)
    if (said === null) continue
    const map = maps.find(({ http }) =>
      http!.fields.every(({ keys }) => keys.every((key) => Object.hasOwn(said, key)))
    )
    if (map) return { map, says: `a page with "${map.http!.fields[0]!.keys[0]}"` }
  }
  return null
}

/** Null: no answer, or it knows no such question; some devices say nothing then. */
async function heard<T>(question: Promise<T>): Promise<T | null> {
  try {
    return await question
  } catch (error) {
    if (error instanceof ModbusException || error instanceof ModbusSilence) return null
    throw error
  }
}
