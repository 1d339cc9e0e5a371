import { type Register, wordsOfType } from '../../protocol/meters.js'
import type { UnitState } from './device.js'

/** Registers by function and address, as `3/256`. */
export type Image = Map<string, number>

/** What stands in the registers of a unit. */
export function imageOf(state: UnitState): Image {
  const image: Image = new Map()
  for (const register of state.map.registers) {
    const bytes = bytesOf(state.values[register.field] ?? null, register)
    put(image, register.fn, register.address, bytes)
  }
  putSockets(image, state)
  putAlarms(image, state)
  return image
}

/** A socket that is off says 2. */
function putSockets(image: Image, { map: { outlets }, values }: UnitState): void {
  for (let place = 0; outlets && place < outlets.count; place++) {
    const isOn = place < (values.outlets_on ?? 0)
    image.set(`${outlets.fn}/${outlets.address + place}`, isOn ? outlets.on : 2)
  }
}

/** Of several detectors with one code the first is it. */
function putAlarms(image: Image, { map: { flags }, alarms }: UnitState): void {
  const left = new Set(alarms)
  for (const { code, fn, address, is } of flags ?? []) {
    const key = `${fn}/${address}`
    if (left.delete(code)) image.set(key, is)
    else if (!image.has(key)) image.set(key, 0)
  }
}

/** The JSON of a page. */
export function pageOf({ map, values, alarms }: UnitState): unknown {
  const params: Record<string, unknown> = {}
  for (const { field, keys, scale } of map.http!.fields) {
    const value = values[field] ?? null
    for (const [place, key] of keys.entries()) {
      if (field === 'pump_running') params[key] = place === 0 && value === 1
      else params[key] = value === null ? null : Number((value / scale / keys.length).toFixed(4))
    }
  }
  for (const key of map.http!.alarms) params[key] = alarms.includes(key.toLowerCase())
  return { ok: true, method: 'coolerState', [map.http!.within]: params }
}

function put(image: Image, fn: number, address: number, bytes: Buffer): void {
  for (let place = 0; place < bytes.length / 2; place++) {
    image.set(`${fn}/${address + place}`, bytes.readUInt16BE(place * 2))
  }
}

function bytesOf(value: number | null, { type, order, scale, none }: Register): Buffer {
  const words = wordsOfType(type)
  if (value === null) return none ? Buffer.from(none, 'hex') : Buffer.alloc(words * 2)
  const bytes = Buffer.alloc(words * 2)
  if (type === 'f32') bytes.writeFloatBE(value / scale)
  else {
    const count = BigInt.asUintN(words * 16, BigInt(Math.round(value / scale)))
    bytes.write(count.toString(16).padStart(words * 4, '0'), 'hex')
  }
  return order === 'low_first' ? bytes.swap16().reverse() : bytes
}
