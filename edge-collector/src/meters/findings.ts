import {
  type MeterField,
  type MeterReads,
  type MeterSample,
  MOST_ALARMS,
} from '../../protocol/meters.js'
import type { Decoded } from './decode.js'

type Values = Partial<Record<MeterField, number | null>>

/** What a meter says, and what it does not. */
export type MeterReading = Pick<MeterSample, 'outcome' | 'trouble' | 'alarms'> & Values

const MOST_TEXT = 200

/** What a poll found so far. */
export class Findings {
  readonly #values: Values = {}
  readonly #troubles: string[] = []
  readonly #on = new Set<string>()
  readonly #hasAlarms: boolean
  #isAllHeard = true
  #isAnyHeard = false

  constructor({ flags, http }: Pick<MeterReads, 'flags' | 'http'>) {
    this.#hasAlarms = (flags?.length ?? 0) > 0 || (http?.alarms.length ?? 0) > 0
  }

  /** Null until it is found. */
  expect(field: MeterField): void {
    this.#values[field] = null
  }

  take(field: MeterField, decoded: Decoded): void {
    if ('trouble' in decoded) this.troubled(decoded.trouble)
    else this.#values[field] = decoded.value
  }

  alarm(code: string, isOn: boolean): void {
    this.#isAnyHeard = true
    if (isOn) this.#on.add(code)
  }

  /** Some alarms may be on without being heard. */
  missAlarms(): void {
    this.#isAllHeard = false
  }

  troubled(detail: string): void {
    this.#troubles.push(detail)
  }

  /** Nothing came back because nobody is there. */
  reading(isSilent: boolean): MeterReading {
    const alarms = this.#alarms()
    return {
      ...this.#values,
      ...(this.#hasAlarms ? { alarms } : {}),
      ...this.#verdict(isSilent),
    }
  }

  /** "None" is only said when all were heard; what is on is said in any case. */
  #alarms(): string[] | null {
    if (this.#on.size === 0 && !this.#isAllHeard) return null
    return [...this.#on].slice(0, MOST_ALARMS)
  }

  #verdict(isSilent: boolean): Pick<MeterSample, 'outcome' | 'trouble'> {
    const isAnything =
      this.#isAnyHeard || Object.values(this.#values).some((value) => value !== null)
    const trouble = this.#troubles.length > 0 ? this.#troubles.join('; ').slice(0, MOST_TEXT) : null
    if (!isAnything && isSilent) return { outcome: 'unreachable', trouble }
    if (!isAnything && trouble) return { outcome: 'refused', trouble }
    return { outcome: trouble ? 'partial' : 'ok', trouble }
  }
}
