import type { ProjectionInput } from '../../domain/projection_input.js'

/**
 * The convention `simulation` of numerics 02 written down once more, day by day and with nothing
 * else in it: what a projection without extras must equal. It shares no code with the product.
 */
export function plainSimulation(input: ProjectionInput, usdPerKwh: number, feesSats: number) {
  let [sats, netUsd, presentUsd, daysOff] = [0, 0, 0, 0]
  const epoch = (height: number) => Math.floor(height / 2016)
  for (let day = 0; day < input.days; day++) {
    const height = input.startHeight + 144 * day
    const growth = (1 + input.epochGrowthPct / 100) ** (epoch(height) - epoch(input.startHeight))
    const reward = 50e8 / 2 ** Math.floor(height / 210_000) + feesSats
    const blocks = (input.hashrateThs * 1e12 * 86_400) / (input.difficulty * growth * 2 ** 32)
    const daySats = blocks * reward * (input.uptimePct / 100) * (1 - input.poolFeePct / 100)
    const revenue = (daySats / 1e8) * input.btcUsd
    const kwh = (input.powerW / 1000) * 24 * (1 + input.overheadPct / 100)
    const energy = kwh * (input.uptimePct / 100) * usdPerKwh
    const isOff = input.shutdownWhenNegative && revenue < energy
    const cash = (isOff ? 0 : revenue - energy) - input.fixedUsdPerDay
    sats += isOff ? 0 : daySats
    netUsd += cash
    presentUsd += cash / (1 + input.discountPctPerYear / 100) ** ((day + 1) / 365)
    daysOff += isOff ? 1 : 0
  }
  return { sats, netUsd, npvUsd: presentUsd - (input.capexUsd ?? 0), daysOff }
}
