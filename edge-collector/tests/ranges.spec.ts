import { MOST_ADDRESSES, parseRange, sizeOf, toIp, toNumber } from '../protocol/ranges.js'
import { test } from '@japa/runner'
import fc from 'fast-check'
import { isLoopback } from '../src/discovery/addresses.js'
import { addressesOf, AllowList, SITE_NETWORKS } from '../src/discovery/ranges.js'

const EVERYWHERE = ['0.0.0.0/0']
const address = fc.integer({ min: 0, max: 2 ** 32 - 1 })
/** Small enough to walk through. */
const span = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 32 - 300 }), fc.integer({ min: 0, max: 200 }))
  .map(([first, more]) => ({ first, last: first + more }))
const textOf = ({ first, last }: { first: number; last: number }) => `${toIp(first)}-${toIp(last)}`

test.group('Edge discovery | addresses', () => {
  test('numbers and text are the same addresses', () => {
    fc.assert(fc.property(address, (value) => toNumber(toIp(value)) === value))
  })

  for (const wrong of ['', '1.2.3', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1.2.3.4 ', '::1', 'a']) {
    test(`"${wrong}" is none`, ({ assert }) => {
      assert.isNull(toNumber(wrong))
    })
  }

  test('know this machine', ({ assert }) => {
    for (const host of ['localhost', '127.0.0.1', '127.9.8.7', '[::1]', '::1']) {
      assert.isTrue(isLoopback(host), host)
    }
    for (const host of ['10.0.0.1', '127.evil.example', 'localhost.example', '128.0.0.1']) {
      assert.isFalse(isLoopback(host), host)
    }
  })
})

test.group('Edge discovery | ranges', () => {
  test('read networks, ranges and single addresses', ({ assert }) => {
    const of = (text: string) => {
      const parsed = parseRange(text)
      return parsed && [toIp(parsed.first), toIp(parsed.last), sizeOf(parsed)]
    }
    assert.deepEqual(of('10.1.2.0/24'), ['10.1.2.1', '10.1.2.254', 254])
    assert.deepEqual(of('10.1.2.77/24'), ['10.1.2.1', '10.1.2.254', 254])
    assert.deepEqual(of('10.1.2.4/31'), ['10.1.2.4', '10.1.2.5', 2])
    assert.deepEqual(of('10.1.2.4/32'), ['10.1.2.4', '10.1.2.4', 1])
    assert.deepEqual(of(' 10.1.2.10 - 10.1.3.9 '), ['10.1.2.10', '10.1.3.9', 256])
    assert.deepEqual(of('10.1.2.3'), ['10.1.2.3', '10.1.2.3', 1])
  })

  const bad = ['', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0.0/-1', '10.0.0.9-10.0.0.1']
  for (const wrong of [...bad, '10.0.0.1-', '1.1.1.1-2.2.2.2-3.3.3.3', '10.0.0.0/08', 'all', '*']) {
    test(`"${wrong}" is none`, ({ assert }) => {
      assert.isNull(parseRange(wrong))
    })
  }

  test('never throw for any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseRange(text)
        return !new AllowList([text]).isAllowed('8.8.8.8')
      })
    )
  })

  test('allow exactly what was written', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 4 }), address, (spans, other) => {
        const list = new AllowList(spans.map(textOf), EVERYWHERE)
        const edges = spans.flatMap(({ first, last }) => [first - 1, first, last, last + 1])
        return [...edges, other]
          .filter((value) => value >= 0 && value < 2 ** 32)
          .every((value) => {
            const isIn = spans.some(({ first, last }) => first <= value && value <= last)
            // The ends of 0.0.0.0/0 are nobody's address.
            const isEnd = value === 0 || value === 2 ** 32 - 1
            return isEnd || list.isAllowed(toIp(value)) === isIn
          })
      })
    )
  })

  test('allow nothing outside the networks of the site', () => {
    const site = SITE_NETWORKS.map((text) => parseRange(text)!)
    fc.assert(
      fc.property(address, (value) => {
        const isSite = site.some(({ first, last }) => first <= value && value <= last)
        return new AllowList(EVERYWHERE).isAllowed(toIp(value)) === isSite
      }),
      { numRuns: 1000 }
    )
  })

  test('allow nothing that is no address', ({ assert }) => {
    const list = new AllowList(EVERYWHERE)
    for (const wrong of [
      '',
      'localhost',
      '10.0.0.1.evil.example',
      '010.0.0.1',
      '::ffff:10.0.0.1',
    ]) {
      assert.isFalse(list.isAllowed(wrong), wrong)
    }
  })

  test('give each address once, whatever the order and the overlap', () => {
    fc.assert(
      fc.property(fc.array(span, { maxLength: 4 }), fc.integer(), (spans, seed) => {
        const expected = new Set<number>()
        for (const { first, last } of spans) for (let ip = first; ip <= last; ip++) expected.add(ip)
        const given = addressesOf(spans, seed).map(toNumber)
        return given.length === expected.size && given.every((ip) => expected.has(ip!))
      })
    )
  })

  test('give an order that follows from the seed', ({ assert }) => {
    const spans = [parseRange('10.0.0.0/22')!]
    assert.deepEqual(addressesOf(spans, 7), addressesOf(spans, 7))
    assert.notDeepEqual(addressesOf(spans, 7), addressesOf(spans, 8))
    const inOrder = addressesOf(spans, 7).filter(
      (ip, index, all) => index > 0 && toNumber(ip)! === toNumber(all[index - 1]!)! + 1
    )
    assert.isBelow(inOrder.length, 20)
  })

  test('refuse more addresses than a scan takes', ({ assert }) => {
    assert.lengthOf(addressesOf([parseRange('10.0.0.0-10.0.255.255')!], 1), MOST_ADDRESSES)
    assert.throws(() => addressesOf([parseRange('10.0.0.0-10.1.0.0')!], 1), /65537 addresses/)
    assert.throws(() => addressesOf([parseRange('0.0.0.0/0')!], 1), RangeError)
  })
})
