import { test } from '@japa/runner'
import fc from 'fast-check'
import { attachment, fileNameOf } from '../../services/export_name.js'

test.group('Names of files', () => {
  test('keep what a person typed and drop what a file system or a reader would stumble over', ({
    assert,
  }) => {
    const named = (title: string) => fileNameOf(title, 'csv', 'result')
    assert.equal(named('Hall A, 2026'), 'Hall A, 2026.csv')
    assert.equal(named('二号场 算力'), '二号场 算力.csv')
    assert.equal(named('../../etc/passwd'), 'etc passwd.csv')
    assert.equal(named('a\r\nX-Evil: 1'), 'a X-Evil 1.csv')
    assert.equal(named('gpj.\u202eexe'), 'gpj. exe.csv')
    assert.equal(named(' . '), 'result.csv')
    assert.equal([...named('水'.repeat(200))].length, 84)
  })

  test('be told in a header that every text survives and none can break', ({ assert }) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (title) => {
        const name = fileNameOf(title.toWellFormed(), 'xlsx', 'result')
        const header = attachment(name)
        assert.match(
          header,
          /^attachment; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]+"; filename\*=UTF-8''[\w.%&$#^`|+-]+$/
        )
        const [, encoded] = header.split("filename*=UTF-8''")
        assert.equal(decodeURIComponent(encoded!), name)
      })
    )
  })
})
