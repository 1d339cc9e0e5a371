import { column } from '@adonisjs/lucid/orm'

/** A `bigint` column of PostgreSQL as a `bigint` of JavaScript: satoshis and cents are never floats. */
export const bigintColumn = () =>
  column({
    consume: (value: string | number | bigint | null) => (value === null ? null : BigInt(value)),
    prepare: (value: bigint | null | undefined) => value?.toString() ?? value,
    serialize: (value: bigint | null) => value?.toString() ?? null,
  })
