import { CalculationError } from './calculation_error.js'

/** Refuses anything but a finite number (texts, NaN, infinities and missing values included). */
export function checkFinite(value: number, field: string): void {
  if (!Number.isFinite(value)) throw new CalculationError(field, 'must be a finite number')
}

/** Refuses anything but a finite number of at least zero. */
export function checkNonNegative(value: number, field: string): void {
  if (!Number.isFinite(value) || value < 0) {
    throw new CalculationError(field, 'must be a number of at least 0')
  }
}

/** Refuses anything but a finite number above zero. */
export function checkPositive(value: number, field: string): void {
  if (!Number.isFinite(value) || value <= 0) {
    throw new CalculationError(field, 'must be a number above 0')
  }
}

/** Refuses anything but a number from `low` to `high`, both included. */
export function checkWithin(value: number, field: string, [low, high]: [number, number]): void {
  if (!Number.isFinite(value) || value < low || value > high) {
    throw new CalculationError(field, `must be a number from ${low} to ${high}`)
  }
}

/** Refuses anything but a whole number of at least `low` that a double holds exactly. */
export function checkInteger(value: number, field: string, low = 0): void {
  if (!Number.isSafeInteger(value) || value < low) {
    throw new CalculationError(field, `must be a whole number of at least ${low}`)
  }
}

/** Refuses a probability that is not strictly between 0 and 1. */
export function checkProbability(value: number, field: string): void {
  if (!Number.isFinite(value) || value <= 0 || value >= 1) {
    throw new CalculationError(field, 'must be a number between 0 and 1, both excluded')
  }
}
