import { test } from '@japa/runner'
import {
  decrypt,
  encrypt,
  fromEncrypted,
  toEncrypted,
  toKeys,
  toSigned,
  v3Hash,
} from '../src/drivers/whatsminer/crypto.js'
import { md5crypt } from '../src/drivers/whatsminer/md5crypt.js'
import { toFrame } from '../src/wire/whatsminer_v3.js'
import { fixtureJson, isHere, NOT_HERE } from './support/shared_fixtures.js'

const VECTORS = isHere ? fixtureJson('whatsminer-crypto/vectors.json') : { v2: [], v3: [] }

test.group('Edge WhatsMiner | vectors', () => {
  for (const [index, vector] of VECTORS.v2.entries()) {
    test(`derive, encrypt and decrypt V2 vector ${index}`, ({ assert }) => {
      const keys = toKeys(vector.password, vector.get_token_Msg)
      assert.equal(md5crypt(vector.password, vector.get_token_Msg.salt).split('$')[3], vector.key)
      assert.equal(keys.sign, vector.sign)
      assert.equal(keys.aes.toString('hex'), vector.aes_key_hex)
      assert.equal(Buffer.byteLength(vector.plaintext), vector.plaintext_bytes)
      assert.equal(encrypt(keys.aes, vector.plaintext), vector.request.data)
      assert.deepEqual(fromEncrypted(keys, vector.reply), vector.reply_plain)

      const { token, ...command } = JSON.parse(vector.plaintext)
      const request = toEncrypted(keys, command)
      assert.equal(request.enc, 1)
      assert.deepEqual(JSON.parse(decrypt(keys.aes, String(request.data))!), { ...command, token })
    })
  }

  for (const vector of VECTORS.v3) {
    test(`sign and frame V3 ${vector.cmd}`, ({ assert }) => {
      const { cmd, password, salt, ts, param } = vector
      const hash = v3Hash(cmd, password, salt, ts)
      const command = param === null ? { cmd } : { cmd, param }
      const request = toSigned(command, hash, 'super', ts)
      assert.equal(hash.toString('hex'), vector.sha256_hex)
      assert.equal(request.token, vector.token)
      assert.deepEqual(request, vector.request)
      assert.equal(toFrame(request).toString('hex'), vector.frame_hex)
    })
  }

  test('have six vectors', ({ assert }) => {
    assert.lengthOf([...VECTORS.v2, ...VECTORS.v3], 6)
  }).skip(!isHere, NOT_HERE)
})

test.group('Edge WhatsMiner | crypto', () => {
  test('match a published hash of md5crypt', ({ assert }) => {
    // The test vector of OpenSSL: openssl passwd -1 -salt xxxxxxxx password.
    assert.equal(md5crypt('password', 'xxxxxxxx'), '$1$xxxxxxxx$UYCIxa628.9qXjpQCjM4a.')
  })

  test('pad in bytes and not in letters', ({ assert }) => {
    const { aes } = toKeys('admin', { time: '1', salt: 'BQ5hoXV9', newsalt: 'jbzkfQls' })
    const text = JSON.stringify({ worker1: 'Мaйнeр-工人.1' })
    assert.equal(decrypt(aes, encrypt(aes, text)), text)
  })

  test('give nothing for a reply that is not encrypted with our key', ({ assert }) => {
    const keys = toKeys('admin', { time: '1', salt: 'BQ5hoXV9', newsalt: 'jbzkfQls' })
    assert.isNull(fromEncrypted(keys, { enc: 'AAAA' }))
    assert.isNull(fromEncrypted(keys, { enc: Buffer.alloc(32).toString('base64') }))
    assert.deepEqual(fromEncrypted(keys, { STATUS: 'E' }), { STATUS: 'E' })
  })
})
