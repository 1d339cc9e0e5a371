import { readFileSync } from 'node:fs'
import { test } from '@japa/runner'
import { sharedFolder } from '#tests/helpers'
import { hashprice } from '../../domain/hashprice.js'

interface Case {
  kind: string
  inputs: { difficulty: number; fees_sats_per_block: number }
  expected: { subsidy_sats: number; sats_per_th_day_alg2: number }
}

const absent = () => {
  const isAbsent = sharedFolder('numerics') === null
  if (isAbsent) console.log('skipped: the folder ../shared/numerics is not here')
  return isAbsent
}

test.group('Hashprice', () => {
  test('is the published figure of an epoch, in sats', ({ assert }) => {
    const file = `${sharedFolder('numerics')}/02-mining-economics.json`
    const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: Case[] }
    const published = cases.filter(({ kind }) => kind === 'production.per_th_day')
    assert.isAbove(published.length, 3)
    for (const { inputs, expected } of published) {
      const { satsPerThDay } = hashprice({
        btcUsd: 1,
        difficulty: inputs.difficulty,
        subsidySats: expected.subsidy_sats,
        feesSatsPerBlock: inputs.fees_sats_per_block,
      })
      assert.approximately(satsPerThDay / expected.sats_per_th_day_alg2, 1, 1e-10)
    }
  }).skip(absent)

  test('is 50.3184 sat per TH/s and day in epoch 473', ({ assert }) => {
    const { satsPerThDay } = hashprice({
      btcUsd: 70_000,
      difficulty: 124_932_866_006_548.2,
      subsidySats: 312_500_000,
      feesSatsPerBlock: null,
    })
    assert.approximately(satsPerThDay, 50.3184, 0.00005)
  })

  test('is $42.219 and $52.774 per PH/s and day at a difficulty of 119.12 T')
    .with([
      { btcUsd: 80_000, usd: 42.219 },
      { btcUsd: 100_000, usd: 52.774 },
    ])
    .run(({ assert }, { btcUsd, usd }) => {
      const found = hashprice({
        btcUsd,
        difficulty: 119.12e12,
        subsidySats: 312_500_000,
        feesSatsPerBlock: null,
      })
      assert.approximately(found.usdPerPhDay, usd, 0.0005)
      assert.isFalse(found.includesFees)
      assert.isNull(found.feeShare)
    })

  test('counts fees where they are known, and says their share', ({ assert }) => {
    const input = { btcUsd: 80_000, difficulty: 119.12e12, subsidySats: 312_500_000 }
    const bare = hashprice({ ...input, feesSatsPerBlock: 0 })
    const rich = hashprice({ ...input, feesSatsPerBlock: 62_500_000 })
    // 375 to 312.5 million sat: a fifth more, a sixth of it fees.
    assert.approximately(rich.usdPerPhDay / bare.usdPerPhDay, 1.2, 1e-12)
    assert.approximately(rich.feeShare!, 1 / 6, 1e-12)
    assert.isTrue(bare.includesFees)
  })
})
