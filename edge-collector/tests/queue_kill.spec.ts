import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createInterface } from 'node:readline'
import { test } from '@japa/runner'
import { Queue } from '../src/store/queue.js'

const WRITER = resolve(import.meta.dirname, 'support/queue_writer.ts')
const BEGINNING = 1_767_600_000_000
const BOUND_BYTES = 160 * 1024

/** Lets a process write until it said so many lines, then kills it in the middle of whatever it does. */
async function writeAndKill(file: string, first: number, lines: number) {
  const child = spawn(process.execPath, ['--import=@poppinss/ts-exec', WRITER, file, String(first)])
  const said: string[] = []
  let errors = ''
  child.stderr.on('data', (text) => (errors += text))
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(line)
    if (said.length === lines) child.kill('SIGKILL')
  })
  await once(child, 'close')
  if (said.length < lines) throw new Error(errors)
  return said
}

test.group('Queue | kill -9', () => {
  test('keeps what it said to have, and every number', async ({ assert }) => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-kill-'))
    const file = join(folder, 'queue.db')
    const stored = new Set<number>()
    const numbers = new Map<number, number>()
    for (const [round, lines] of [5, 40, 111, 173].entries()) {
      for (const line of await writeAndKill(file, round * 10_000, lines)) {
        const [what, sample, seq] = line.split(' ')
        if (what === 'stored') stored.add(Number(sample))
        else numbers.set(Number(seq), Number(sample))
      }
    }
    const check = new DatabaseSync(file)
    assert.deepEqual(
      { ...check.prepare('pragma integrity_check').get() },
      { integrity_check: 'ok' }
    )
    check.close()

    const queue = new Queue({ file, maxBytes: 64 * 1024 * 1024, clock: Date.now })
    const seen = new Set<number>()
    const again = new Map<number, number>()
    for (let busy = new Set<number>(); ;) {
      const claimed = queue.claims.sentBefore((seq) => busy.has(seq)) ?? queue.claims.newest()
      if (!claimed) break
      busy = busy.add(claimed.seq)
      for (const { at } of claimed.samples()) {
        assert.isFalse(seen.has(at - BEGINNING), 'a sample is there twice')
        seen.add(at - BEGINNING)
        again.set(claimed.seq, at - BEGINNING)
      }
    }
    for (const sample of stored) assert.isTrue(seen.has(sample), `sample ${sample} is lost`)
    for (const [seq, sample] of numbers) assert.equal(again.get(seq), sample)
    assert.deepEqual(
      [...again.keys()].toSorted((a, b) => a - b),
      Array.from(again, (_, index) => index + 1),
      'numbers have a gap'
    )
    queue.close()
    rmSync(folder, { recursive: true })
  }).timeout(60_000)

  test('holds a hundred thousand rows within a small bound', ({ assert }) => {
    const folder = mkdtempSync(join(tmpdir(), 'edge-bound-'))
    const file = join(folder, 'queue.db')
    let now = BEGINNING
    const queue = new Queue({ file, maxBytes: BOUND_BYTES, clock: () => now })
    let most = 0
    for (let row = 0; row < 100_000; row += 100) {
      queue.append(
        Array.from({ length: 100 }, (_, index) => ({
          miner: `ip:10.0.0.${index}`,
          at: now,
          poll_ms: (row * 7919 + index * 104_729) % 3000,
          outcome: 'ok' as const,
          state: 'mining' as const,
          ip: `10.0.0.${index}`,
          hashrate_ths: ((row * 31 + index * 17) % 100_000) / 997,
        })),
        0
      )
      now += 30_000
      most = Math.max(most, queue.stats().bytes)
    }
    const { droppedSamples, thinned, dropped } = queue.stats()
    let left = 0
    for (let claimed = queue.claims.newest(); claimed; claimed = queue.claims.newest()) {
      left += claimed.samples().length
    }
    assert.equal(left + droppedSamples, 100_000)
    assert.isAbove(thinned, 0)
    assert.isAbove(dropped, 0)
    assert.isAtMost(most, BOUND_BYTES)
    queue.close()
    rmSync(folder, { recursive: true })
  }).timeout(120_000)
})
