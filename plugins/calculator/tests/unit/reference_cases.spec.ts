import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from '@japa/runner'
import { verifyCases, type ReferenceCase } from '#core/cases'
import handlers from '../../cases.js'

const FOLDER = resolve(process.cwd(), '../shared/numerics')
const FILES = { '01-chain-constants.json': 7, '02-mining-economics.json': 33 }

test.group('Calculator | reference cases', () => {
  for (const [name, count] of Object.entries(FILES)) {
    const file = resolve(FOLDER, name)
    test(`match all cases of ${name}`, ({ assert }) => {
      const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: ReferenceCase[] }
      const report = verifyCases(cases, handlers)
      assert.deepEqual(report, { passed: cases.length, failed: [], unsupported: [] })
      assert.isAtLeast(report.passed, count)
    }).skip(!existsSync(file), `${file} is not on this machine`)
  }
})
