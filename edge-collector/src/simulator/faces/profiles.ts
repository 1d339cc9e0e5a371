import type { Model, Moment } from '../contract.js'

/** A point at which a tuned machine can run. */
export interface Profile {
  frequencyMhz: number
  voltageV: number
  hashrateThs: number
  watts: number
  /** What the machine itself calls it; firmware has names of its own. */
  order: string
}

/** Around the nameplate, which is 0. */
const STEPS = Array.from({ length: 15 }, (_, index) => index - 10)
const STEP_MHZ = 25
/** A slower clock needs less voltage, though never in proportion. */
const VOLTS_PER_SHARE = 0.25

/** All of them, slowest first; each is 25 MHz from the next. */
export const profilesOf = (model: Model): Profile[] =>
  STEPS.flatMap((step) => {
    const frequencyMhz = model.frequencyMhz + step * STEP_MHZ
    const share = frequencyMhz / model.frequencyMhz
    if (share < 0.4) return []
    const volts = 1 + (share - 1) * VOLTS_PER_SHARE
    const watts = Math.round(model.powerW * share * volts ** 2)
    return [
      {
        frequencyMhz,
        voltageV: Number((model.boardVoltageV * volts).toFixed(2)),
        hashrateThs: Number((model.hashrateThs * share).toFixed(1)),
        watts,
        order: `${watts}W`,
      },
    ]
  })

/** The one in force; the nameplate while nobody chose. */
export const profileOf = (model: Model, { profile }: Moment): Profile => {
  const profiles = profilesOf(model)
  const chosen = profiles.find(({ order }) => order === profile)
  return chosen ?? profiles.find(({ watts }) => watts === model.powerW)!
}
