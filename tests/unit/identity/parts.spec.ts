import { test } from '@japa/runner'
import { TOTP } from 'otpauth'
import encryption from '@adonisjs/core/services/encryption'
import { networkOf } from '#services/networks'
import { safePath } from '#services/paths'
import { enrolmentOf, newTotpSecret, stepOf } from '#services/totp'
import { browserOf } from '#services/user_agents'

test.group('Identity parts', () => {
  test('name the network of an address')
    .with([
      ['203.0.113.77', '203.0.113.0/24'],
      ['::ffff:203.0.113.77', '203.0.113.0/24'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
      ['nonsense', '0.0.0.0/32'],
    ] as const)
    .run(({ assert }, [ip, network]) => assert.equal(networkOf(ip), network))

  test('go only to a path of ours')
    .with([
      ['/users?page=2', '/users?page=2'],
      ['//evil.example/x', '/'],
      ['/\\evil.example', '/'],
      ['/a/..//evil.example', '/'],
      ['https://evil.example', '/'],
      ['javascript:alert(1)', '/'],
      ['/sign-in', '/'],
      ['/ok\nSet-Cookie: a=b', '/'],
      [undefined, '/'],
    ] as const)
    .run(({ assert }, [wanted, path]) => assert.equal(safePath(wanted), path))

  test('take codes of one step before and after, and none further', ({ assert }) => {
    // RFC 6238, appendix B: the SHA-1 secret, the last six digits of the listed codes.
    const sealed = encryption.encrypt('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', { purpose: 'totp' })
    assert.equal(stepOf(sealed, '287082', 59_000), 1)
    assert.equal(stepOf(sealed, '287 082', 61_000), 1)
    assert.equal(stepOf(sealed, '081804', 1_111_111_109_000), 37_037_036)
    assert.isNull(stepOf(sealed, '287082', 120_000))
    assert.isNull(stepOf(sealed, '28708', 59_000))
  })

  test('keep the secret closed and show it as picture and text', async ({ assert }) => {
    const sealed = newTotpSecret()
    const enrolment = await enrolmentOf(sealed, 'a@example.com')
    assert.match(enrolment!.picture, /^data:image\/png;base64,/)
    assert.notInclude(sealed, enrolment!.secret.replaceAll(' ', ''))
    assert.match(enrolment!.uri, /^otpauth:\/\/totp\/HashInsight:a%40example\.com\?/)
    assert.instanceOf(new TOTP({ secret: enrolment!.secret.replaceAll(' ', '') }), TOTP)
  })

  test('name browsers')
    .with([
      ['Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/142.0', 'Firefox · Windows'],
      [
        'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1',
        'Safari · iPhone',
      ],
      ['Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge · Linux'],
      ['x', null],
      [null, null],
    ] as const)
    .run(({ assert }, [userAgent, name]) => assert.equal(browserOf(userAgent), name))
})
