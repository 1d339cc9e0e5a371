import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

/** Recorded answers of miners; they stay where they lie and are not on every machine. */
export const FIXTURES = resolve(process.cwd(), '../shared/fixtures')
export const isHere = existsSync(FIXTURES)
export const NOT_HERE = `${FIXTURES} is not on this machine`

/** The parsed file; the path is relative to the fixtures. */
export const fixtureJson = (path: string): any =>
  JSON.parse(readFileSync(resolve(FIXTURES, path), 'utf8'))

/** "antminer/stock-s19pro-2022-12" and so on, of these families. */
export const foldersOf = (...families: string[]): string[] =>
  families.flatMap((family) =>
    isHere ? readdirSync(resolve(FIXTURES, family)).map((version) => `${family}/${version}`) : []
  )
