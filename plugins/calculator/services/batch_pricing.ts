import { errors } from '@vinejs/vine'
import type { InputFault } from '#core/errors'
import { BadInput } from '#core/errors'
import { type BookedDay, bookedDay } from '../domain/booked_day.js'
import type { BatchFault } from './batch_rows.js'
import type { InputContext } from './input_context.js'
import { type ProfitQuery, resolveInputs } from './inputs.js'
import { calculate } from './price_miner.js'
import { profitValidator } from '../validators.js'

/** The figures of a row that are kept. */
export interface RowFigures {
  count: number
  model: string | null
  hashrateThs: number
  powerW: number
  usdPerKwh: number
  poolFeePct: number
  booked: BookedDay
  breakEvenUsdPerBtc: number | null
  breakEvenUsdPerKwh: number | null
}

export type RowOutcome = { figures: RowFigures } | { faults: BatchFault[] }

/** What fits into a `bigint` of the database. */
const MOST = 2n ** 63n - 1n

/**
 * One row by the very functions of the single calculator (`priceMiner` without its explanation).
 * What is wrong is answered, not thrown: a file has many rows.
 */
export async function priceRow(asked: object, context: InputContext): Promise<RowOutcome> {
  try {
    const [refusal, query] = await profitValidator.tryValidate(asked)
    return refusal ? { faults: faultsOf(refusal) } : { figures: figuresOf(query, context) }
  } catch (error) {
    return { faults: faultsOf(error) }
  }
}

function figuresOf(query: ProfitQuery, context: InputContext): RowFigures {
  const { input, count, model } = resolveInputs(query, context)
  const result = calculate(input)
  const booked = bookedDay(result)
  if (Object.values(booked).some((value) => value > MOST || value < -MOST)) {
    throw new BadInput([{ field: 'count', key: 'calculator.problem.E_CALC_OVERFLOW' }])
  }
  return {
    count,
    model: model?.label ?? null,
    hashrateThs: input.hashrateThs,
    powerW: input.powerW,
    usdPerKwh: input.usdPerKwh,
    poolFeePct: input.poolFeePct,
    booked,
    breakEvenUsdPerBtc: result.breakEvenUsdPerBtc,
    breakEvenUsdPerKwh: result.breakEvenUsdPerKwh,
  }
}

interface SchemaFault {
  field: string
  rule: string
  meta?: Record<string, string | number>
}

function faultsOf(error: unknown): BatchFault[] {
  if (error instanceof BadInput) {
    return error.messages.map(({ field, key, args }: InputFault) => ({ field, key, args }))
  }
  if (error instanceof errors.E_VALIDATION_ERROR) {
    return (error.messages as SchemaFault[]).map(({ field, rule, meta }) => ({
      field,
      key: `validator.shared.messages.${rule}`,
      args: meta,
    }))
  }
  throw error
}
