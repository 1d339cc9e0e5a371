import { test } from '@japa/runner'
import type { RawRow } from '../../domain/parse_row.js'
import { contradiction, type Epoch, parseEpoch } from '../../domain/parse_epoch.js'

const NOW = new Date('2026-11-25T00:00:00Z')

/** Epoch 416 as published: bits 0x17034219, difficulty 86,388,558,925,171.02 (numerics §1). */
const row = {
  epoch: '416',
  start_height: '838656',
  bits_hex: '17034219',
  difficulty: '86388558925171.02',
  start_time_unix: '1712783853',
}

const refusal = (changed: RawRow) => {
  const parsed = parseEpoch(changed, NOW)
  return parsed.ok ? null : parsed.reason
}

test.group('Rows of difficulty epochs', () => {
  test('give height, bits, the difficulty of the bits, and the time of the first block', ({
    assert,
  }) => {
    assert.deepEqual(parseEpoch(row, NOW), {
      ok: true,
      row: {
        epoch: 416,
        firstHeight: 838_656,
        bits: 0x17034219,
        difficulty: 86_388_558_925_171.02,
        firstBlockAt: new Date('2024-04-10T21:17:33.000Z'),
        lastBlockAt: null,
      },
    })
  })

  test('do without a time and with bits that begin with 0x', ({ assert }) => {
    const parsed = parseEpoch({ ...row, bits_hex: '0x17034219', start_time_unix: '' }, NOW)
    assert.isTrue(parsed.ok && parsed.row.firstBlockAt === null)
  })

  test('say why they cannot be an epoch')
    .with([
      { changes: { epoch: '' }, reason: 'no_epoch' },
      { changes: { epoch: '-1' }, reason: 'no_epoch' },
      { changes: { start_height: '838657' }, reason: 'bad_height' },
      { changes: { bits_hex: 'xyz' }, reason: 'bad_bits' },
      // Easier than the limit of proof of work, and a target of zero.
      { changes: { bits_hex: '1d010000' }, reason: 'bad_bits' },
      { changes: { bits_hex: '17000000' }, reason: 'bad_bits' },
      { changes: { difficulty: '' }, reason: 'no_difficulty' },
      { changes: { difficulty: '86388000000000' }, reason: 'difficulty_not_of_bits' },
      { changes: { difficulty: 'much' }, reason: 'difficulty_not_of_bits' },
      { changes: { start_time_unix: 'yesterday' }, reason: 'bad_date' },
      { changes: { start_time_unix: '1912783853' }, reason: 'future_date' },
      { changes: { last_block_time: '1712783853' }, reason: 'bad_date' },
    ])
    .run(({ assert }, { changes, reason }) => {
      assert.equal(refusal({ ...row, ...changes }), reason)
    })

  test('contradict a chain that has another target, another time or an impossible change', ({
    assert,
  }) => {
    const parsed = parseEpoch(row, NOW)
    assert.isTrue(parsed.ok)
    const epoch = (parsed as { row: Epoch }).row
    const chain = (changes: Partial<Epoch>) =>
      contradiction({ ...epoch, ...changes }, new Map([[416, epoch]]))
    assert.isNull(chain({}))
    assert.isNull(chain({ firstBlockAt: null }))
    assert.equal(chain({ bits: epoch.bits + 1 }), 'other_bits')
    assert.equal(chain({ firstBlockAt: NOW }), 'other_time')
    assert.isNull(chain({ epoch: 417, difficulty: epoch.difficulty * 3.9 }))
    assert.equal(chain({ epoch: 417, difficulty: epoch.difficulty * 4.1 }), 'impossible_change')
    assert.equal(chain({ epoch: 415, difficulty: epoch.difficulty * 4.1 }), 'impossible_change')
  })
})
