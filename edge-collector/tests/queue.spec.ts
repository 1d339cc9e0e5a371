import { test } from '@japa/runner'
import fc from 'fast-check'
import { isInUse } from '../src/store/database.js'
import { Queue } from '../src/store/queue.js'
import {
  bench,
  drain,
  nameOf,
  PortalModel,
  ROOMY_BYTES,
  sample,
  START,
} from './support/queue_bench.js'

type Pick = 'newest' | 'oldest' | 'again'
type Fate = 'taken' | 'answer_lost' | 'lost'
type Step =
  | { type: 'append'; samples: number }
  | { type: 'send'; pick: Pick; fate: Fate }
  | { type: 'reopen' }
  | { type: 'too_large' }
  | { type: 'renew' }

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        type: fc.constant('append' as const),
        samples: fc.integer({ min: 1, max: 30 }),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        type: fc.constant('send' as const),
        pick: fc.constantFrom('newest' as const, 'oldest' as const, 'again' as const),
        fate: fc.constantFrom('taken' as const, 'answer_lost' as const, 'lost' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom({ type: 'reopen' as const }, { type: 'too_large' as const }),
    }
  ),
  { minLength: 1, maxLength: 60 }
)

/** Steps on a real file, beside the model of the portal. */
class Play {
  readonly on = bench()
  readonly portal = new PortalModel()
  readonly appended = new Set<string>()

  step(step: Step): void {
    this.on.pass(1000)
    if (step.type === 'append') this.#append(step.samples)
    else if (step.type === 'send') this.#send(step.pick, step.fate)
    else if (step.type === 'reopen') this.on.reopen()
    else if (step.type === 'renew') this.on.queue.renewBoot()
    else this.#refuseSize()
  }

  #append(count: number) {
    const samples = Array.from({ length: count }, (_, index) => sample(index, this.on.now()))
    this.on.queue.append(samples, 0)
    for (const one of samples) this.appended.add(nameOf(one))
  }

  #send(pick: Pick, fate: Fate) {
    const { queue } = this.on
    const claimed = {
      newest: () => queue.claims.newest(),
      oldest: () => queue.claims.oldest(this.on.now()),
      again: () => queue.claims.sentBefore(() => false),
    }[pick]()
    if (!claimed || fate === 'lost') return
    const known = queue.ackSeq
    const ack = this.portal.take(claimed)
    if (ack === null) throw new Error(`conflict at ${claimed.seq}`)
    if (fate === 'taken') queue.settle(claimed, ack, known)
  }

  /** The portal looks at the size before anything else, so it cannot have such a batch. */
  #refuseSize() {
    const claimed = this.on.queue.claims.newest()
    if (!claimed) return
    // A single sample that is too large is set aside.
    if (claimed.samples().length === 1) this.appended.delete(nameOf(claimed.samples()[0]!))
    this.on.queue.split(claimed)
  }
}

function play(given: readonly Step[]) {
  const played = new Play()
  const { on, portal, appended } = played
  try {
    for (const step of given) played.step(step)
    drain(on.queue, portal, on.now())
    return { portal, appended: [...appended], stats: on.queue.stats() }
  } finally {
    on.end()
  }
}

test.group('Queue | nothing is lost', () => {
  test('everything arrives exactly once, whatever is lost on the way', ({ assert }) => {
    fc.assert(
      fc.property(steps, (given) => {
        const { portal, appended, stats } = play(given)
        assert.sameMembers([...portal.counts.keys()], appended)
        assert.isTrue([...portal.counts.values()].every((count) => count === 1))
        assert.deepInclude(stats, { batches: 0, bytes: 0, oldestAt: null, droppedSamples: 0 })
      }),
      { numRuns: 60 }
    )
  }).timeout(60_000)

  test('a new boot loses nothing either, and repeats only what lost its answer', ({ assert }) => {
    const renewal = fc
      .tuple(steps, steps)
      .map(([before, after]): Step[] => [...before, { type: 'renew' }, ...after])
    fc.assert(
      fc.property(renewal, (given) => {
        const { portal, appended } = play(given)
        assert.sameMembers([...portal.counts.keys()], appended)
        assert.isTrue([...portal.counts.values()].every((count) => count <= 2))
      }),
      { numRuns: 30 }
    )
  }).timeout(60_000)
})

test.group('Queue | numbers', () => {
  test('the boot id and the numbers go on after a restart', ({ assert }) => {
    const on = bench()
    const { bootId } = on.queue
    on.queue.append([sample(1, START)], 5)
    assert.equal(on.queue.claims.newest()?.seq, 1)
    on.reopen()
    on.queue.append([sample(1, START + 1)], 5)
    const next = on.queue.claims.newest()
    assert.deepInclude(next, { bootId, seq: 2, attempts: 0, offsetMs: 5 })
    const again = on.queue.claims.sentBefore((seq) => seq === 2)
    assert.deepInclude(again, { bootId, seq: 1, attempts: 1 })
    on.end()
  })

  test('only what is acknowledged without a gap is deleted', ({ assert }) => {
    const on = bench()
    for (const at of [1, 2, 3]) on.queue.append([sample(1, START + at)], null)
    const [first, second] = [on.queue.claims.newest()!, on.queue.claims.newest()!]
    assert.equal(on.queue.settle(second, 0, 0), 'ok')
    assert.equal(on.queue.stats().batches, 2)
    on.reopen()
    assert.deepEqual(on.queue.claims.sentBefore(() => false)?.seq, first.seq)
    assert.equal(on.queue.settle(first, 2, 0), 'ok')
    assert.equal(on.queue.stats().batches, 1)
    assert.equal(on.queue.ackSeq, 2)
    on.end()
  })

  test('tells a portal that forgot, one that knows too much, and answers of another boot', ({
    assert,
  }) => {
    const on = bench()
    on.queue.append([sample(1, START)], null)
    const claimed = on.queue.claims.newest()!
    assert.equal(on.queue.settle(claimed, 7, 0), 'foreign_batches')
    assert.equal(on.queue.settle(claimed, 0, 1), 'portal_lost_data')
    assert.equal(on.queue.stats().batches, 1)
    on.queue.renewBoot()
    assert.equal(on.queue.settle(claimed, 1, 0), 'other_boot')
    const renewed = on.queue.claims.newest()!
    assert.notEqual(renewed.bootId, claimed.bootId)
    assert.deepEqual([renewed.seq, renewed.samples()], [1, claimed.samples()])
    on.end()
  })

  test('a new boot does not repeat what the portal said to have', ({ assert }) => {
    const on = bench()
    for (const at of [1, 2]) on.queue.append([sample(1, START + at)], null)
    const lost = on.queue.claims.newest()!
    const taken = on.queue.claims.newest()!
    on.queue.settle(taken, 0, 0)
    on.queue.renewBoot()
    const portal = new PortalModel()
    drain(on.queue, portal, on.now())
    assert.deepEqual([...portal.counts.keys()], lost.samples().map(nameOf))
    on.end()
  })

  test('oldest puts together what was made under one offset', ({ assert }) => {
    const on = bench()
    for (const offset of [0, 400, 5000]) {
      on.queue.append([sample(1, on.now())], offset)
      on.pass(1000)
    }
    const merged = on.queue.claims.oldest(on.now())!
    assert.deepEqual(
      merged.samples().map(({ at }) => at - START),
      [0, 1000]
    )
    assert.deepEqual(on.queue.claims.oldest(on.now())?.samples().length, 1)
    assert.isNull(on.queue.claims.oldest(on.now()))
    on.end()
  })

  test('what the portal cannot read is set aside, counted, and its number sent empty', ({
    assert,
  }) => {
    const on = bench()
    on.queue.append([sample(1, START), sample(2, START)], null)
    on.queue.setAside(on.queue.claims.newest()!, 'samples: bad_form')
    const empty = on.queue.claims.sentBefore(() => false)!
    assert.deepEqual([empty.seq, empty.samples()], [1, []])
    assert.equal(on.queue.stats().quarantined, 2)
    on.end()
  })

  test('a second collector cannot open the same file', ({ assert }) => {
    const on = bench()
    try {
      new Queue({ file: on.file, maxBytes: ROOMY_BYTES, clock: () => START })
      assert.fail('opened twice')
    } catch (error) {
      assert.isTrue(isInUse(error))
    }
    on.end()
  })
})
