import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from '@japa/runner'
import { proveOutage } from '../../prove/support/outage_proof.js'
import { SHORT_OUTAGE } from '../../prove/support/outage_story.js'

test.group('prove -- outage, its short form', () => {
  test('three days without the portal cost thinned old readings, counted, and nothing else', async ({
    assert,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'hi-outage-'))
    const said: string[] = []
    try {
      const result = await proveOutage({
        scale: SHORT_OUTAGE,
        folder,
        say: (line) => void said.push(line),
      })
      assert.isTrue(result.isProven, `${said.join('\n')}\n${JSON.stringify(result)}`)
      assert.isAtLeast(result.outageHours, 72)
      assert.isAbove(result.thinned, 0)
      assert.equal(result.lost, 0)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }).timeout(240_000)
})
