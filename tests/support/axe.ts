import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface AxeResult {
  /** Rules that found something to check and nothing wrong. */
  passes: number
  /** Rule and first place, of any impact. */
  violations: string[]
}

/** All rules of axe on a page as it stands. */
export async function checkAccessibility(page: Page): Promise<AxeResult> {
  await page.evaluate(source)
  return page.evaluate<AxeResult>(`axe.run().then(({ passes, violations }) => ({
    passes: passes.length,
    violations: violations.map(({ id, nodes }) => id + ': ' + (nodes[0]?.html ?? '')),
  }))`)
}
