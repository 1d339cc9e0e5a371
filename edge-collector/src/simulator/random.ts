/** What a random number is for: two streams of one miner have nothing to do with each other. */
export type Stream =
  | 'hashrate'
  | 'board'
  | 'power'
  | 'temperature'
  | 'fan'
  | 'share'
  | 'birth'
  | 'delay'
  | 'wire'
  | 'fault'

const STREAMS: Record<Stream, number> = {
  hashrate: 1,
  board: 2,
  power: 3,
  temperature: 4,
  fan: 5,
  share: 6,
  birth: 7,
  delay: 8,
  wire: 9,
  fault: 10,
}

const mix = (state: number, value: number): number => {
  let h = Math.imul(state ^ value, 0x9e_37_79_b1)
  h = Math.imul(h ^ (h >>> 15), 0x85_eb_ca_6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2_b2_ae_35)
  return h ^ (h >>> 16)
}

/**
 * Random numbers without a state: the same question has the same answer, in any order, so that a
 * fleet of ten thousand is the same in each run and each process (a counter-based generator).
 */
export class Random {
  readonly #seed: number

  constructor(seed: number, index: number) {
    this.#seed = mix(mix(0x2545_f491, seed), index)
  }

  /** In [0, 1); `tick` may be any safe integer. */
  uniform(stream: Stream, tick: number, salt = 0): number {
    const low = mix(mix(this.#seed, STREAMS[stream]), tick | 0)
    const high = mix(low, Math.floor(tick / 0x1_0000_0000) | 0)
    return (mix(mix(high, salt), 0x27d4_eb2f) >>> 0) / 0x1_0000_0000
  }

  /** Standard normal (Box and Muller 1958), cut at four deviations. */
  normal(stream: Stream, tick: number, salt = 0): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform(stream, tick, salt * 2 + 1000)))
    const value = radius * Math.cos(2 * Math.PI * this.uniform(stream, tick, salt * 2 + 1001))
    return Math.max(-4, Math.min(4, value))
  }
}
