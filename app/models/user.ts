import { UserSchema } from '#database/schema'

/** A person. Reached through the sign-in role only; tenants see names through `Member`. */
export default class User extends UserSchema {
  static table = 'users'
  static connection = 'login'
  static selfAssignPrimaryKey = true

  get initials() {
    const words = this.fullName.trim().split(/\s+/)
    return (
      (words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')
    ).toUpperCase()
  }
}
