import { argon2Sync } from 'node:crypto'
import { test } from '@japa/runner'
import { hashPassword, verifyPassword } from '#services/passwords'
import { passwordProblem } from '#services/password_rules'

/** Made by the reference implementation: github.com/P-H-C/phc-winner-argon2, src/test.c. */
const REFERENCE = [
  '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4',
] as const

test.group('Passwords', () => {
  test('verify a hash of the reference implementation')
    .with([...REFERENCE])
    .run(async ({ assert }, phc) => {
      assert.isTrue(await verifyPassword('password', phc))
      assert.isFalse(await verifyPassword('Password', phc))
    })

  test('agree with the test vector of RFC 9106', ({ assert }) => {
    const tag = argon2Sync('argon2id', {
      message: Buffer.alloc(32, 1),
      nonce: Buffer.alloc(16, 2),
      secret: Buffer.alloc(8, 3),
      associatedData: Buffer.alloc(12, 4),
      memory: 32,
      passes: 3,
      parallelism: 4,
      tagLength: 32,
    })
    const expected = '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659'
    assert.equal(tag.toString('hex'), expected)
  })

  test('hash with the cost that we promise, and a new salt each time', async ({ assert }) => {
    const [one, two] = await Promise.all([
      hashPassword('one two three'),
      hashPassword('one two three'),
    ])
    assert.match(one, /^\$argon2id\$v=19\$m=47104,t=1,p=1\$/)
    assert.notEqual(one, two)
    assert.isTrue(await verifyPassword('one two three', one))
  })

  test('never verify an empty password or a missing hash', async ({ assert }) => {
    assert.isFalse(await verifyPassword('', await hashPassword('')))
    assert.isFalse(await verifyPassword('x', null))
    assert.isFalse(await verifyPassword('x', '$2b$10$abc'))
  })

  test('say why a password cannot be taken')
    .with([
      ['elevenchars', 'short'],
      ['密码密码密码密码密码密', 'short'],
      ['correct horse battery staple '.repeat(5), 'long'],
      ['123456qwerty', 'common'],
      ['QWERTY123456', 'common'],
      ['aaaaaaaaaaaaaaaa', 'weak'],
      ['hashinsight2026', 'weak'],
      ['olivia.marsh.hash', 'weak'],
      ['kestrel-violin-harbour-92', null],
      ['纯粹随机词语组合的很长密码', null],
      ['no digits nor capitals needed', null],
    ] as const)
    .run(({ assert }, [password, problem]) => {
      assert.equal(passwordProblem(password, ['Olivia Marsh', 'olivia@example.com']), problem)
    })

  test('judge 128 hostile characters quickly', ({ assert }) => {
    const began = performance.now()
    passwordProblem('a1!'.repeat(42), [])
    assert.isBelow(performance.now() - began, 1000)
  })
})
