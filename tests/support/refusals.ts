import type { Assert } from '@japa/assert'

/** Asserts that `act` throws a RangeError that names `field` and carries `code`. */
export function assertRefuses(
  assert: Assert,
  field: string,
  act: () => unknown,
  code = 'E_CALC_INPUT'
): void {
  let caught: unknown = null
  try {
    act()
  } catch (error) {
    caught = error
  }
  assert.instanceOf(caught, RangeError)
  assert.include(caught as object, { field, code })
}
