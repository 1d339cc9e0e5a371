import { test } from '@japa/runner'
import fc from 'fast-check'
import { answerIn, BadFrame, frameOf, type Question, wordsRequest } from '../src/modbus/frame.js'
import { Gateway, ModbusException, ModbusSilence } from '../src/modbus/gateway.js'
import { FakeModbus, frame, type Mischief } from './support/fake_modbus.js'

const bytesOf = (asked: Question, transaction: number) => frameOf(wordsRequest(asked), transaction)

const question = { unit: 7, fn: 3 as const, address: 0x6b, count: 3 }

async function bench(answerMs = 1000) {
  const device = new FakeModbus()
  const port = await device.listen()
  device.set(7, 3, 0x6b, '022b 0000 0064')
  device.set(9, 4, 0, 'beef')
  const gateway = new Gateway({ ip: '127.0.0.1', port, answerMs, connectMs: 1000 })
  const close = async () => {
    gateway.close()
    await device.close()
  }
  return { device, gateway, close, port }
}

test.group('Questions and answers of Modbus', () => {
  test('say what the example of the specification says', ({ assert }) => {
    // Modbus Application Protocol V1.1b3, 6.3: registers 108 to 110 are 555, 0 and 100.
    const bytes = bytesOf({ ...question, unit: 0x11 }, 1)
    assert.equal(bytes.toString('hex'), '0001000000061103006b0003')
    const answer = Buffer.from('000100000009110306022b00000064', 'hex')
    assert.deepEqual(answerIn(answer, wordsRequest({ ...question, unit: 0x11 }), 1), {
      type: 'said',
      value: Buffer.from('022b00000064', 'hex'),
    })
  })

  test('come in any pieces', ({ assert }) => {
    const whole = frame(bytesOf(question, 5), Buffer.from('0306022b00000064', 'hex'))
    for (let length = 0; length < whole.length; length++) {
      assert.deepEqual(answerIn(whole.subarray(0, length), wordsRequest(question), 5), {
        type: 'incomplete',
      })
    }
    assert.equal(answerIn(whole, wordsRequest(question), 5).type, 'said')
  })

  test('are never anything but the right words, whatever comes', ({ assert }) => {
    const whole = frame(bytesOf(question, 5), Buffer.from('0306022b00000064', 'hex'))
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 }), (place, change) => {
        const bytes = Buffer.from(whole)
        bytes[place] = bytes[place]! ^ change
        // From the ninth byte on they are values, which nobody can know to be wrong.
        if (place >= 9) return
        try {
          assert.notEqual(answerIn(bytes, wordsRequest(question), 5).type, 'said')
        } catch (error) {
          assert.instanceOf(error, BadFrame)
        }
      })
    )
  })

  test('are not asked when they cannot be', ({ assert }) => {
    assert.throws(() => bytesOf({ ...question, count: 126 }, 1), RangeError)
    assert.throws(() => bytesOf({ ...question, address: 65_535, count: 2 }, 1), RangeError)
  })
})

test.group('The identification of a device', () => {
  // Modbus Application Protocol V1.1b3, 6.21: the example answers in one part, this one in two.
  const SAID: [number, string][] = [
    [0, 'Schneider Electric'],
    [1, 'A9MEM3155'],
    [2, '001.003.000'],
  ]

  test('comes in as many parts as the device likes', async ({ assert, cleanup }) => {
    for (const objectsPerAnswer of [3, 2, 1]) {
      const { device, gateway, close } = await bench()
      cleanup(close)
      device.identity = SAID
      device.objectsPerAnswer = objectsPerAnswer
      assert.deepEqual([...(await gateway.identify(7))], SAID)
      assert.lengthOf(await gateway.read(question), 6)
      assert.equal(device.connections, 1)
    }
  })

  test('is an exception where the device knows no such question', async ({ assert, cleanup }) => {
    const { gateway, close } = await bench()
    cleanup(close)
    const error = await gateway.identify(7).catch((one: unknown) => one)
    assert.instanceOf(error, ModbusException)
    assert.lengthOf(await gateway.read(question), 6)
  })

  const hostile: [name: string, pdu: string][] = [
    ['of nothing', '2b'],
    ['of another kind', '2b0d010100000100014100'],
    ['that is longer than its frame', '2b0e01010000010020414243'],
    ['with fewer objects than it says', '2b0e0101000003000141'],
    ['without end', '2b0e0101ff0001000141'],
  ]
  for (const [name, pdu] of hostile) {
    test(`is not believed when it is one ${name}`, async ({ assert, cleanup }) => {
      const { device, gateway, close } = await bench(200)
      cleanup(close)
      const bad: Mischief = { type: 'bytes', of: (asked) => frame(asked, Buffer.from(pdu, 'hex')) }
      device.mischief = [bad, bad, bad, bad]
      const error = await gateway.identify(7).catch((one: unknown) => one)
      assert.instanceOf(error, ModbusSilence)
    })
  }
})

test.group('A connection to a gateway', () => {
  test('serves several units, one question after the other', async ({ assert, cleanup }) => {
    const { device, gateway, close } = await bench()
    cleanup(close)
    const other = { unit: 9, fn: 4 as const, address: 0, count: 1 }
    const answers = await Promise.all([gateway.read(question), gateway.read(other)])
    assert.deepEqual(
      answers.map((bytes) => bytes.toString('hex')),
      ['022b00000064', 'beef']
    )
    assert.equal(device.connections, 1)
  })

  test('is made anew when the gateway ended it', async ({ assert, cleanup }) => {
    const { device, gateway, close } = await bench()
    cleanup(close)
    await gateway.read(question)
    device.mischief = [{ type: 'hang_up' }]
    assert.lengthOf(await gateway.read(question), 6)
    device.dropConnections()
    assert.lengthOf(await gateway.read(question), 6)
  })

  test('tells exceptions with their code and stays', async ({ assert, cleanup }) => {
    const { device, gateway, close } = await bench()
    cleanup(close)
    device.mischief = [{ type: 'exception', code: 11 }]
    const error = await gateway.read(question).catch((one: unknown) => one)
    assert.instanceOf(error, ModbusException)
    assert.include((error as Error).message, 'gateway target does not answer')
    assert.lengthOf(await gateway.read(question), 6)
    assert.equal(device.connections, 1)
  })

  const hostile: [name: string, mischief: Mischief][] = [
    ['nothing', { type: 'silent' }],
    ['another transaction', { type: 'bytes', of: (_, right) => withByte(right, 1, right[1]! + 1) }],
    ['another unit', { type: 'bytes', of: (_, right) => withByte(right, 6, 8) }],
    ['another protocol', { type: 'bytes', of: (_, right) => withByte(right, 3, 1) }],
    ['too great a length', { type: 'bytes', of: (_, right) => withByte(right, 4, 0xff) }],
    ['two answers at once', { type: 'bytes', of: (_, right) => Buffer.concat([right, right]) }],
    ['a megabyte', { type: 'bytes', of: () => Buffer.alloc(1_000_000, 1) }],
    ['half an answer', { type: 'bytes', of: (_, right) => right.subarray(0, 10) }],
    [
      'fewer registers',
      { type: 'bytes', of: (request) => frame(request, Buffer.from('0302022b', 'hex')) },
    ],
    ['HTTP', { type: 'bytes', of: () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') }],
  ]
  for (const [name, mischief] of hostile) {
    test(`takes no value out of ${name}, and is well again after it`, async ({
      assert,
      cleanup,
    }) => {
      const { device, gateway, close } = await bench(200)
      cleanup(close)
      device.mischief = [mischief]
      const error = await gateway.read(question).catch((one: unknown) => one)
      assert.instanceOf(error, ModbusSilence)
      assert.equal((await gateway.read(question)).toString('hex'), '022b00000064')
      assert.equal(device.connections, 2)
    })
  }

  test('takes an answer byte by byte', async ({ assert, cleanup }) => {
    const { device, gateway, close } = await bench()
    cleanup(close)
    device.mischief = [{ type: 'slowly' }]
    assert.lengthOf(await gateway.read(question), 6)
  })

  test('says that nobody listens', async ({ assert }) => {
    const { gateway, close } = await bench()
    await close()
    const error = await gateway.read(question).catch((one: unknown) => one)
    assert.instanceOf(error, ModbusSilence)
    assert.include((error as Error).message, 'ECONNREFUSED')
  })
})

const withByte = (bytes: Buffer, place: number, value: number): Buffer => {
  const changed = Buffer.from(bytes)
  changed[place] = value & 0xff
  return changed
}
