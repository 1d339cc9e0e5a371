import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { current } from '#core/current'
import { E_SIGN_IN_NEEDED } from '#core/errors'

/** Guard that lets everybody pass and says so: a route without any guard fails the build. */
export function open() {
  const pass = (_: HttpContext, next: NextFn) => next()
  return Object.defineProperty(pass, 'name', { value: 'open' })
}

/** Guard for what belongs to the person alone: their account, sessions and factors. */
export function signedIn() {
  const check = (_: HttpContext, next: NextFn) => {
    if (!current.peek()?.userId) throw new E_SIGN_IN_NEEDED()
    return next()
  }
  return Object.defineProperty(check, 'name', { value: 'signed-in' })
}
