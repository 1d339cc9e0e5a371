import fc from 'fast-check'
import { test } from '@japa/runner'
import { permissionsWithin } from '#services/api_tokens'
import { permissionDefaults, pluginOf } from '#services/registry'
import { hashToken, isTokenShaped, mintToken } from '#services/token_format'

const all = [
  ...new Set([...permissionDefaults.keys(), 'corex.site.view', 'calculator.profit.view']),
]
const scopes = [...all, ...all.map((permission) => `${pluginOf(permission)}.*`), '*', 'core', '.*']

test.group('The form of a token', () => {
  test('be accepted as minted, and hold 256 bits that never repeat', ({ assert }) => {
    const texts = Array.from({ length: 500 }, () => mintToken().text)
    assert.lengthOf(new Set(texts), 500)
    assert.isTrue(texts.every(isTokenShaped))
    assert.isTrue(texts.every((text) => text.length === 3 + 8 + 1 + 43 + 1 + 6))
    assert.lengthOf(hashToken(texts[0]!), 32)
  })

  test('be refused with any one character changed', ({ assert }) => {
    const { text } = mintToken()
    for (let i = 0; i < text.length; i++) {
      const other = text[i] === 'a' ? 'b' : 'a'
      assert.isFalse(isTokenShaped(text.slice(0, i) + other + text.slice(i + 1)), String(i))
    }
  })
})

test.group('The scopes of a token', () => {
  test('never give more than the owner holds, nor more than they name', ({ assert }) => {
    fc.assert(
      fc.property(fc.subarray(all), fc.subarray(scopes), (held, chosen) => {
        const allowed = permissionsWithin(new Set(held), chosen)
        const expected = held.filter(
          (permission) =>
            chosen.includes(permission) || chosen.includes(`${pluginOf(permission)}.*`)
        )
        assert.sameMembers([...allowed], expected)
      }),
      { numRuns: 500 }
    )
  })
})
