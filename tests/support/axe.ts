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

/** High enough for any page: what is far below is not laid out, and axe would pass over it. */
const TALL = 9000

/** All rules of axe on a whole page as it stands. */
export async function checkAccessibility(page: Page): Promise<AxeResult> {
  const size = page.viewportSize()
  if (size) await page.setViewportSize({ ...size, height: TALL })
  await page.evaluate(source)
  const result = await page.evaluate<AxeResult>(`axe.run().then(({ passes, violations }) => ({
    passes: passes.length,
    violations: violations.map(({ id, nodes }) => id + ': ' + (nodes[0]?.html ?? '')),
  }))`)
  if (size) await page.setViewportSize(size)
  return result
}
