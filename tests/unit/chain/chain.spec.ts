import { test } from '@japa/runner'
import fc from 'fast-check'
import { bitsFromDifficulty, bitsFromTarget } from '#core/chain/bits_from_target'
import { difficultyFromBits, difficultyFromTarget } from '#core/chain/difficulty_from_bits'
import { difficultyFromHashrate, networkHashrateHs } from '#core/chain/network_hashrate_hs'
import { nextHalving } from '#core/chain/next_halving'
import { retarget } from '#core/chain/retarget'
import { subsidySats } from '#core/chain/subsidy_sats'
import { supplySats } from '#core/chain/supply_sats'
import { targetFromBits } from '#core/chain/target_from_bits'
import { targetFromDifficulty } from '#core/chain/target_from_difficulty'
import { assertRefuses } from '#tests/support/refusals'

const height = fc.integer({ min: 0, max: 14_000_000 })
/** Canonical compact targets of mainnet: mantissa without sign and without a leading zero byte. */
const bits = fc
  .tuple(fc.integer({ min: 4, max: 28 }), fc.integer({ min: 0x8000, max: 0x7fffff }))
  .map(([size, word]) => size * 0x1000000 + word)

test.group('Chain | subsidy and supply', () => {
  test('halve at the heights of the rule', ({ assert }) => {
    assert.equal(subsidySats(839_999), 625_000_000n)
    assert.equal(subsidySats(840_000), 312_500_000n)
    assert.equal(subsidySats(6_930_000), 0n)
    assert.equal(subsidySats(Number.MAX_SAFE_INTEGER), 0n)
  })

  test('let the supply grow by the subsidy of each block up to the limit', ({ assert }) => {
    fc.assert(
      fc.property(height, (h) => {
        assert.equal(supplySats(h + 1) - supplySats(h), subsidySats(h + 1))
      })
    )
    assert.equal(supplySats(0), 5_000_000_000n)
    assert.equal(supplySats(Number.MAX_SAFE_INTEGER), 2_099_999_997_690_000n)
  })

  test('find the next halving after any block', ({ assert }) => {
    fc.assert(
      fc.property(height, (h) => {
        const { nextHalvingHeight, blocksLeft } = nextHalving(h)
        assert.equal(h + blocksLeft, nextHalvingHeight)
        assert.equal(nextHalvingHeight % 210_000, 0)
        assert.isTrue(blocksLeft > 0 && blocksLeft <= 210_000)
      })
    )
  })

  test('refuse heights that cannot be')
    .with([-1, 1.5, Number.NaN, Infinity, '840000', undefined])
    .run(({ assert }, bad) => {
      assertRefuses(assert, 'height', () => subsidySats(bad as never))
      assertRefuses(assert, 'height', () => nextHalving(bad as never))
      assertRefuses(assert, 'throughHeight', () => supplySats(bad as never))
    })
})

test.group('Chain | bits, targets, difficulty', () => {
  test('lead from bits to target to difficulty and back', ({ assert }) => {
    fc.assert(
      fc.property(bits, (compact) => {
        const target = targetFromBits(compact)
        assert.equal(bitsFromTarget(target), compact)
        assert.equal(difficultyFromTarget(target), difficultyFromBits(compact))
        assert.equal(bitsFromDifficulty(difficultyFromBits(compact)), compact)
      })
    )
  })

  test('keep small and sign-bit targets as Core does', ({ assert }) => {
    assert.equal(bitsFromTarget(0x80n), 0x02008000)
    assert.equal(bitsFromTarget(0x12n), 0x01120000)
    assert.equal(targetFromBits(0x01123456), 0x12n)
    assert.equal(targetFromBits(0x05009234), 0x92340000n)
    assert.equal(bitsFromTarget(0x92340000n), 0x05009234)
    assert.equal(bitsFromTarget((1n << 224n) - 1n), 0x1d00ffff)
  })

  test('give the target of difficulty 1 and of fractions', ({ assert }) => {
    assert.equal(targetFromDifficulty(1), 0xffffn << 208n)
    assert.equal(targetFromDifficulty(0.5), 0xffffn << 209n)
    assert.equal(targetFromDifficulty(65_535), 1n << 208n)
  })

  test('turn difficulty into hashrate and back', ({ assert }) => {
    assert.approximately(networkHashrateHs(110_451_907_374_649.5) / 7.906455499e20, 1, 1e-9)
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e16, noNaN: true }), (difficulty) => {
        const back = difficultyFromHashrate(networkHashrateHs(difficulty))
        assert.approximately(back / difficulty, 1, 1e-15)
      })
    )
  })

  test('refuse bits and targets that cannot be', ({ assert }) => {
    for (const bad of [-1, 1.5, 2 ** 32, Number.NaN, 0x04923456, 0x00123456, 0x23000001]) {
      assertRefuses(assert, 'bits', () => targetFromBits(bad))
    }
    assertRefuses(assert, 'bits', () => difficultyFromBits(0x1d000000))
    for (const bad of [0n, -1n, 1n << 256n, 5 as never]) {
      assertRefuses(assert, 'target', () => bitsFromTarget(bad))
    }
    for (const bad of [0, -1, Number.NaN, Infinity, 1e300, 1e-300]) {
      assertRefuses(assert, 'difficulty', () => targetFromDifficulty(bad))
    }
    assertRefuses(assert, 'difficulty', () => networkHashrateHs(0))
    assertRefuses(assert, 'hashrateHs', () => difficultyFromHashrate(Number.NaN))
  })
})

test.group('Chain | retarget', () => {
  test('keep the difficulty of an epoch that took exactly two weeks', ({ assert }) => {
    assert.equal(retarget(0x1705ae3a, 1_700_000_000, 1_700_000_000 + 1_209_600), 0x1705ae3a)
  })

  test('never move by more than four times, and never above the limit', ({ assert }) => {
    const span = fc.integer({ min: -1_000_000, max: 20_000_000 })
    fc.assert(
      fc.property(bits, span, (compact, seconds) => {
        const before = targetFromBits(compact)
        const after = targetFromBits(retarget(compact, 1_600_000_000, 1_600_000_000 + seconds))
        assert.isTrue(after <= before * 4n && after <= 1n << 224n)
        // The compact form cuts at most one part in 2^15.
        assert.isTrue(after * 4n >= before - (before >> 14n) - 4n)
      })
    )
  })

  test('clamp a very fast and a very slow epoch', ({ assert }) => {
    const at = (seconds: number) => retarget(0x1705ae3a, 1_600_000_000, 1_600_000_000 + seconds)
    assert.equal(at(1), at(302_400))
    assert.equal(at(-5), at(302_400))
    assert.equal(at(99_999_999), at(4_838_400))
    assert.equal(retarget(0x1d00ffff, 0, 4_838_400), 0x1d00ffff)
    assertRefuses(assert, 'lastTime', () => retarget(0x1d00ffff, 0, Number.NaN))
    assertRefuses(assert, 'firstTime', () => retarget(0x1d00ffff, 0.5, 1))
  })
})
