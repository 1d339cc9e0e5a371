import type { CaseHandler } from '#core/cases'
import { difficultyFromBits } from '#core/chain/difficulty_from_bits'
import { epochPaceBand } from '#core/chain/epoch_pace_band'
import { epochProjection } from '#core/chain/epoch_projection'
import { fpps } from './domain/fpps.js'
import { hostingSettlement, type HostingModel } from './domain/hosting_settlement.js'
import { irr } from './domain/irr.js'
import { luckBand } from './domain/luck_band.js'
import { networkDailyBlocks } from '#core/chain/network_daily_blocks'
import { networkHashrateHs } from '#core/chain/network_hashrate_hs'
import { nextHalving } from '#core/chain/next_halving'
import { npv } from './domain/npv.js'
import { pplns } from './domain/pplns.js'
import { profit } from './domain/profit.js'
import { resaleValue } from './domain/resale_value.js'
import { retarget } from '#core/chain/retarget'
import {
  BLOCKS_PER_DAY,
  satsPerDayByDifficulty,
  satsPerDayByNetwork,
} from '#core/chain/sats_per_day'
import { project } from './domain/projection.js'
import { flatTariff } from './domain/tariff.js'
import { subsidySats } from '#core/chain/subsidy_sats'
import { supplySats } from '#core/chain/supply_sats'
import { targetFromBits } from '#core/chain/target_from_bits'
import { xirr } from './domain/xirr.js'
import { xnpv, type DatedFlow } from './domain/xnpv.js'

/** Reference cases by kind: handlers rename fields and call what the product calls. */
const handlers: Record<string, CaseHandler> = {
  'chain.subsidy': ({ heights }) => ({ sats: heights.map(subsidySats) }),

  'chain.supply': (inputs) => ({ sats: inputs.through_height.map(supplySats) }),

  'chain.next_halving': ({ heights }) => {
    const rows = heights.map(nextHalving) as ReturnType<typeof nextHalving>[]
    return {
      next_halving_height: rows.map((row) => row.nextHalvingHeight),
      blocks_left: rows.map((row) => row.blocksLeft),
    }
  },

  'chain.bits': ({ bits }) => ({
    rows: bits.map((text: string) => ({
      bits: text,
      target_hex: targetFromBits(Number(text)).toString(16).padStart(64, '0'),
      difficulty: difficultyFromBits(Number(text)),
    })),
  }),

  'chain.difficulty': ({ bits }) => ({
    difficulty: bits.map((text: string) => difficultyFromBits(Number(text))),
  }),

  'chain.retarget': ({ rows }) => ({
    next_bits: rows.map(
      ([bits, firstTime, lastTime]: [string, number, number]) =>
        `0x${retarget(Number(bits), firstTime, lastTime).toString(16).padStart(8, '0')}`
    ),
  }),

  'chain.hashrate': ({ difficulty }) => ({ hashrate_hs: difficulty.map(networkHashrateHs) }),

  'production.per_th_day': (inputs) => {
    const subsidy = subsidySats(inputs.height)
    const rewardSats = Number(subsidy) + inputs.fees_sats_per_block
    const hashrateHs = networkHashrateHs(inputs.difficulty)
    return {
      subsidy_sats: subsidy,
      sats_per_th_day_alg2: satsPerDayByDifficulty(1, inputs.difficulty, rewardSats),
      implied_network_hashrate_hs: hashrateHs,
      sats_per_th_day_alg1_at_implied: satsPerDayByNetwork(1, hashrateHs / 1e12, rewardSats),
    }
  },

  'production.two_algorithms': (inputs) => {
    const {
      hashrate_th: ths,
      network_hashrate_th: networkThs,
      difficulty,
      reward_sats: sats,
    } = inputs
    const alg1 = satsPerDayByNetwork(ths, networkThs, sats)
    const alg2 = satsPerDayByDifficulty(ths, difficulty, sats)
    return {
      alg1_sats: alg1,
      alg2_sats: alg2,
      ratio_alg1_over_alg2: alg1 / alg2,
      blocks_found_that_day_implied: (BLOCKS_PER_DAY * alg2) / alg1,
    }
  },

  'economics.breakeven': (inputs) => {
    const result = profit({
      hashrateThs: inputs.hashrate_th,
      powerW: inputs.power_w,
      difficulty: inputs.difficulty,
      subsidySats: inputs.reward_sats,
      btcUsd: inputs.btc_price_usd,
      usdPerKwh: inputs.usd_per_kwh,
      poolFeePct: inputs.pool_fee * 100,
      networkHashrateThs: null,
      overheadPct: (inputs.overhead ?? 0) * 100,
      fixedUsdPerDay: inputs.fixed_usd_day ?? 0,
    })
    return {
      sats_day: result.satsPerDay,
      kwh_day: result.kwhPerDay,
      revenue_usd_day: result.revenueUsdPerDay,
      energy_usd_day: result.electricityUsdPerDay,
      profit_usd_day: result.profitUsdPerDay,
      breakeven_usd_per_kwh: result.breakEvenUsdPerKwh,
      breakeven_btc_price: result.breakEvenUsdPerBtc,
      hashprice_usd_per_ph_day: result.hashpriceUsdPerPhDay,
      energy_share_of_revenue: result.energyShareOfRevenue,
    }
  },

  'economics.simulation': (inputs) => {
    const halflifeDays: number | null = inputs.resale_halflife_days
    const result = project({
      hashrateThs: inputs.hashrate_th,
      powerW: inputs.power_w,
      miners: 1,
      overheadPct: inputs.overhead * 100,
      uptimePct: inputs.uptime * 100,
      degradationPctPerMonth: 0,
      startHeight: inputs.start_height,
      difficulty: inputs.difficulty,
      epochGrowthPct: inputs.epoch_growth * 100,
      fees: { kind: 'constant', satsPerBlock: inputs.fees_sats_per_block },
      poolScheme: 'fpps',
      poolFeePct: inputs.pool_fee * 100,
      btcUsd: inputs.btc_price_usd,
      pricePath: { kind: 'yearly', growthPct: inputs.price_growth_annual * 100 },
      tariff: flatTariff(inputs.usd_per_kwh),
      hosting: null,
      fixedUsdPerDay: inputs.fixed_usd_per_day,
      capexUsd: inputs.capex_usd,
      resale: halflifeDays === null ? null : { kind: 'half_life', days: halflifeDays },
      tax: null,
      discountPctPerYear: inputs.discount_annual * 100,
      shutdownWhenNegative: inputs.shutdown_when_negative,
      startDate: null,
      days: inputs.days,
    })
    return {
      total_sats: result.totalSats,
      cum_net_usd: result.cumNetUsd,
      resale_usd: result.resaleUsd,
      payback_days: result.returns.paybackDays,
      npv_usd: result.returns.npvUsd,
      irr_annual: result.returns.irrAnnual,
      days_off: result.daysOff,
      roi_pct: result.returns.roiPct,
    }
  },

  'economics.resale': ({ price_usd, halflife_days, days }) => ({
    value: days.map((day: number) => resaleValue(price_usd, halflife_days, day)),
  }),

  'pool.fpps': (inputs) => {
    const result = fpps({
      hashrateThs: inputs.hashrate_th,
      difficulty: inputs.difficulty,
      subsidySats: inputs.subsidy_sats,
      avgFeesSatsPerBlock: inputs.avg_fees_sats_per_block,
      poolFeePct: inputs.fee_rate * 100,
    })
    return {
      expected_blocks_day: result.expectedBlocksPerDay,
      pps_sats: result.ppsSatsPerDay,
      fpps_sats: result.fppsSatsPerDay,
      fee_uplift_pct: result.feeUpliftPct,
    }
  },

  'pool.pplns': (inputs) => {
    const result = pplns({
      poolShareOfNetwork: inputs.pool_share_of_network,
      myShareOfPool: inputs.my_share_of_pool,
      days: inputs.days,
      rewardSats: inputs.reward_sats,
    })
    return {
      expected_pool_blocks: result.expectedPoolBlocks,
      mean_sats: result.meanSats,
      sd_sats: result.sdSats,
      cv: result.cv,
      p_zero_blocks: result.pZeroBlocks,
      blocks_q05: result.blocksQ05,
      blocks_q95: result.blocksQ95,
    }
  },

  'pool.luck_band': (inputs) => {
    const band = luckBand({
      blocksFound: inputs.blocks_found,
      blocksExpected: inputs.blocks_expected,
      confidence: inputs.confidence,
    })
    return {
      luck: band.luck,
      rate_ci: band.rateCi,
      luck_ci: band.luckCi,
      p_le_k: band.pAtMost,
      p_ge_k: band.pAtLeast,
    }
  },

  'network.daily_blocks': ({ lambda }) => ({ ...networkDailyBlocks(lambda) }),

  'network.epoch_projection': (inputs) => {
    const projection = epochProjection({
      epochFirstBlockTime: inputs.epoch_first_block_time,
      now: inputs.now,
      height: inputs.height,
    })
    return {
      blocks_in_epoch: projection.blocksInEpoch,
      remaining_blocks: projection.remainingBlocks,
      next_retarget_height: projection.nextRetargetHeight,
      progress_pct: projection.progressPct,
      mean_block_interval_ms: projection.meanBlockIntervalMs,
      expected_change_pct: projection.expectedChangePct,
      estimated_retarget_unix_ms: projection.estimatedRetargetUnixMs,
    }
  },

  'network.epoch_pace_band': (inputs) => {
    const band = epochPaceBand({
      intervalsElapsed: inputs.intervals_elapsed,
      elapsedS: inputs.elapsed_s,
      confidence: inputs.confidence,
    })
    return {
      point_change_pct: band.pointChangePct,
      change_pct_ci: band.changePctCi,
      rel_sd: band.relSd,
    }
  },

  'finance.xirr': ({ amounts, dates }) => {
    const flows: DatedFlow[] = dates.map((date: string, i: number) => ({
      date,
      amount: amounts[i],
    }))
    return { xirr: xirr(flows), xnpv_at_9pct: xnpv(0.09, flows) }
  },

  'finance.irr_npv': ({ irr_flows, npv_rate, npv_flows_from_period1 }) => ({
    irr_5y: irr(irr_flows),
    irr_4y: irr(irr_flows.slice(0, -1)),
    npv: npv(npv_rate, npv_flows_from_period1),
  }),

  'hosting.settlement': ({ kwh, kw, client_gross_revenue_cents, model }) => {
    const settlement = hostingSettlement({
      kwh,
      kw,
      clientGrossRevenueCents: BigInt(client_gross_revenue_cents),
      model: camelKeys(model),
    })
    return {
      host_invoice_cents: settlement.hostInvoiceCents,
      client_net_cents: settlement.clientNetCents,
    }
  },
}

export default handlers

function camelKeys(model: Record<string, unknown>): HostingModel {
  const camel = (key: string) => key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase())
  return Object.fromEntries(
    Object.entries(model).map(([key, value]) => [camel(key), value])
  ) as HostingModel
}
