import { test } from '@japa/runner'
import { epochState, epochWithoutHeight, timeBetween } from '../../domain/epoch_state.js'

const at = (unix: number) => new Date(unix * 1000)

/** Printed in mempool's own test of its difficulty adjustment, vector 1 (numerics 02). */
const VECTOR = { began: 1_706_888_526, now: 1_707_691_381, height: 830_027 }

test.group('The epoch', () => {
  test('is projected as mempool prints it', ({ assert }) => {
    const state = epochState(
      { height: VECTOR.height, heightAt: at(VECTOR.now), firstBlockAt: at(VECTOR.began) },
      at(VECTOR.now)
    )
    assert.containsSubset(state, {
      epoch: 411,
      firstHeight: 828_576,
      nextRetargetHeight: 830_592,
      blocksDone: 1451,
      blocksLeft: 565,
      reason: null,
    })
    assert.approximately(state.progressPct!, 71.97420634920636, 1e-9)
    assert.approximately(state.projection!.changePct, 8.512745140778843, 1e-9)
    assert.equal(state.projection!.at!.getTime(), 1_708_004_001_715)
    assert.isBelow(state.projection!.earliest!.getTime(), state.projection!.at!.getTime())
    assert.isAbove(state.projection!.latest!.getTime(), state.projection!.at!.getTime())
  })

  test('has the published band of the pace after 1,008 blocks in 590,000 s', ({ assert }) => {
    const seen = at(1_700_590_000)
    const { projection } = epochState(
      { height: 415 * 2016 + 1008, heightAt: seen, firstBlockAt: at(1_700_000_000) },
      seen
    )
    assert.approximately(projection!.changeLowPct, -3.7228230655127703, 1e-8)
    assert.approximately(projection!.changeHighPct, 8.932399748322894, 1e-8)
    assert.approximately(projection!.meanIntervalS, 590_000 / 1008, 1e-9)
  })

  test('gives no date that has passed: the height is too old for one', ({ assert }) => {
    const state = epochState(
      { height: VECTOR.height, heightAt: at(VECTOR.now), firstBlockAt: at(VECTOR.began) },
      at(VECTOR.now + 30 * 86_400)
    )
    assert.equal(state.reason, 'height_is_old')
    assert.isNull(state.projection!.at)
    assert.isNull(state.projection!.latest)
    assert.isAbove(state.projection!.changePct, 8)
  })

  test('says what is missing instead of projecting', ({ assert }) => {
    const now = at(VECTOR.now)
    const facts = { height: VECTOR.height, heightAt: now }
    assert.containsSubset(epochState({ ...facts, firstBlockAt: null }, now), {
      projection: null,
      reason: 'no_first_block_time',
      blocksLeft: 565,
    })
    const first = { height: 828_576, heightAt: now, firstBlockAt: now }
    assert.equal(epochState(first, now).reason, 'epoch_just_started')
    assert.containsSubset(epochWithoutHeight(473, null), {
      firstHeight: 953_568,
      nextRetargetHeight: 955_584,
      height: null,
      progressPct: null,
      reason: 'no_height',
    })
  })

  test('begins between two sightings of the height, if those are close', ({ assert }) => {
    const below = { height: 2014, at: at(10_000) }
    const above = { height: 2018, at: at(12_000) }
    // Two of four blocks: half of 2,000 s.
    assert.deepEqual(timeBetween(2016, below, above), at(11_000))
    assert.deepEqual(timeBetween(2018, below, above), at(12_000))
    assert.isNull(timeBetween(2016, null, above))
    assert.isNull(timeBetween(2016, below, null))
    assert.isNull(timeBetween(2020, below, above))
    assert.isNull(timeBetween(2016, below, { height: 2018, at: at(10_000 + 6 * 3600 + 1) }))
  })
})
