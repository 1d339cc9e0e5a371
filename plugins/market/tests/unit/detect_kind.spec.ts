import { test } from '@japa/runner'
import { detectKind } from '../../domain/detect_kind.js'

test.group('What a file holds', () => {
  test('is told by its head')
    .with([
      { head: 'date,price,volume', kind: 'price' },
      { head: 'Date,open,high,low,close,volume,Log_Return', kind: 'ohlcv' },
      { head: 'date,difficulty', kind: 'difficulty' },
      { head: 'date, Hashrate', kind: 'hashrate' },
      { head: 'epoch,start_height,bits_hex,difficulty,start_time_unix', kind: 'epochs' },
      { head: 'time,close', kind: 'price' },
      // Any of these could be anything: nobody guesses.
      { head: 'date,value', kind: null },
      { head: 'price,volume', kind: null },
      { head: 'maker,model,hashrate_th', kind: null },
      { head: '', kind: null },
    ])
    .run(({ assert }, { head, kind }) => {
      assert.equal(detectKind(head.split(',')), kind as never)
    })
})
