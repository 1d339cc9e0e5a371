import { test } from '@japa/runner'
import fc from 'fast-check'
import type { TableDefinition } from '#core/table'
import { escapeLike, parseTableQuery, queryStringOf } from '#core/table_query'

const table: TableDefinition = {
  key: 'test.rows',
  caption: 'x',
  columns: [
    { key: 'name', label: 'x', sort: 'rows.name' },
    { key: 'size', label: 'x', sort: 'rows.size' },
    { key: 'note', label: 'x', hidden: true },
  ],
  defaultSort: { key: 'name' },
  search: ['rows.name'],
  filters: [
    { key: 'state', label: 'x', options: [{ value: 'on', label: 'x' }], apply: () => {} },
    { key: 'day', label: 'x', type: 'date', apply: () => {} },
  ],
  tieBreaker: 'rows.id',
}

const code = (input: Record<string, unknown>) => {
  try {
    parseTableQuery(table, input)
    return null
  } catch (error) {
    return (error as { code?: string }).code
  }
}

test.group('Table query', () => {
  test('give the defaults for an empty query', ({ assert }) => {
    assert.deepEqual(parseTableQuery(table, {}), {
      page: 1,
      size: 25,
      sort: 'name',
      dir: 'asc',
      q: '',
      filters: {},
      columns: ['name', 'size'],
    })
  })

  test('refuse {field}')
    .with([
      { field: 'an unknown sort column', input: { sort: 'password' } },
      { field: 'SQL as a sort column', input: { sort: 'name; drop table users' } },
      { field: 'a column that cannot be sorted', input: { sort: 'note' } },
      { field: 'another direction', input: { dir: 'asc; select 1' } },
      { field: 'page 0', input: { page: '0' } },
      { field: 'a page that is no whole number', input: { page: '1e3' } },
      { field: 'a size that is not offered', input: { size: '99' } },
      { field: 'an unknown column', input: { columns: ['name', 'secret'] } },
      { field: 'an unknown filter value', input: { state: 'off' } },
      { field: 'a day that does not exist', input: { day: '2026-02-31' } },
      { field: 'an object for the words', input: { q: { a: 1 } } },
      { field: 'a name of the prototype', input: { sort: 'constructor' } },
    ])
    .run(({ assert }, { input }) => {
      assert.equal(code(input), 'E_TABLE_QUERY')
    })

  test('answer anything at all with a valid query or a refusal', ({ assert }) => {
    const value = fc.oneof(
      fc.string(),
      fc.array(fc.string()),
      fc.integer(),
      fc.constant(null),
      fc.object()
    )
    const keys = fc.constantFrom(
      'page',
      'size',
      'sort',
      'dir',
      'q',
      'columns',
      'state',
      'day',
      'other'
    )
    fc.assert(
      fc.property(fc.dictionary(keys, value), (input) => {
        let parsed
        try {
          parsed = parseTableQuery(table, input)
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'E_TABLE_QUERY')
          return
        }
        assert.include(['name', 'size'], parsed.sort)
        assert.include(['asc', 'desc'], parsed.dir)
        assert.isAtLeast(parsed.page, 1)
        assert.isAtMost(parsed.q.length, 100)
      }),
      { numRuns: 500 }
    )
  })

  test('come back the same from its own address', ({ assert }) => {
    const query = fc.record({
      page: fc.integer({ min: 1, max: 999 }),
      size: fc.constantFrom(10, 25, 50, 100),
      sort: fc.constantFrom('name', 'size'),
      dir: fc.constantFrom('asc' as const, 'desc' as const),
      q: fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\0', '').trim()),
      filters: fc.constantFrom<Record<string, string>>({}, { state: 'on' }, { day: '2026-01-31' }),
      columns: fc.constantFrom<string[]>(['name', 'size'], ['name'], ['name', 'size', 'note']),
    })
    fc.assert(
      fc.property(query, (wanted) => {
        const params = Object.fromEntries(new URLSearchParams(queryStringOf(table, wanted)))
        assert.deepEqual(parseTableQuery(table, params), wanted)
      }),
      { numRuns: 300 }
    )
  })

  test('let % and _ stand for themselves', ({ assert }) => {
    assert.equal(escapeLike('50%_a\\b'), '50\\%\\_a\\\\b')
  })
})
