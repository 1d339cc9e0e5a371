import { cleanText } from '../values/text.js'
import { BadFrame, type Request } from './frame.js'

/** What a device says it is: texts by the number of their object. */
export type Identification = Map<number, string>

/** Objects that every device has that can be asked (Modbus Application Protocol V1.1b3, 6.21). */
export const VENDOR = 0
export const PRODUCT = 1

const READ_DEVICE = [0x2b, 0x0e]
const BASIC = 0x01
const MORE = 0xff
/** Function, type, code, conformity, whether there is more, from where on, how many objects. */
const HEAD = 7
/** The basic objects are three: more parts than that are no answer. */
export const MOST_PARTS = 4

interface Part {
  objects: [id: number, text: string][]
  /** From which object on it has more to say; null: that was all. */
  next: number | null
}

/** Asks for the basic identification from an object on. */
export const identify = (unit: number, from: number): Request<Part> => ({
  unit,
  pdu: Buffer.from([...READ_DEVICE, BASIC, from]),
  read: partOf,
})

function partOf(pdu: Buffer): Part {
  const [, type, code, , more, next, count] = pdu
  if (pdu.length < HEAD || type !== READ_DEVICE[1] || code !== BASIC) {
    throw new BadFrame('no identification')
  }
  return { objects: objectsIn(pdu.subarray(HEAD), count!), next: more === MORE ? next! : null }
}

/** Number, length and text of so many objects. */
function objectsIn(bytes: Buffer, count: number): Part['objects'] {
  const objects: Part['objects'] = []
  let rest = bytes
  for (let left = count; left > 0; left--) {
    const [id, length = 0] = rest
    if (id === undefined || rest.length < 2 + length) {
      throw new BadFrame('an identification that is cut off')
    }
    const text = cleanText(rest.subarray(2, 2 + length).toString('latin1'))
    if (text !== null) objects.push([id, text])
    rest = rest.subarray(2 + length)
  }
  return objects
}
