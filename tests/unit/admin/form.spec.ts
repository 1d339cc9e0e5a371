import { test } from '@japa/runner'
import i18nManager from '@adonisjs/i18n/services/main'
import vine, { errors } from '@vinejs/vine'
import fc from 'fast-check'
import { fieldsOf, inputOf } from '#core/form'

const schema = vine.object({
  name: vine.string().minLength(2).maxLength(10),
  kind: vine.enum(['a', 'b']),
  on: vine.boolean(),
  limit: vine.object({ max: vine.number().min(1).max(5).meta({ unit: 'kW' }) }),
  tags: vine.array(vine.string().minLength(2)).minLength(1),
  note: vine.string().optional(),
})
const i18n = () => i18nManager.locale('en')

test.group('Form from a schema', () => {
  test('draw each field as what it is', ({ assert }) => {
    const fields = fieldsOf(schema, { i18n: i18n(), prefix: 'x', values: { tags: ['aa', 'bb'] } })
    assert.deepEqual(
      fields.map(({ name, type, required }) => [name, type, required]),
      [
        ['name', 'text', true],
        ['kind', 'select', true],
        ['on', 'checkbox', false],
        ['limit[max]', 'number', true],
        ['tags', 'textarea', false],
        ['note', 'text', false],
      ]
    )
    assert.equal(fields[3]!.unit, 'kW')
    assert.equal(fields[3]!.max, 5)
    assert.equal(fields[4]!.value, 'aa\nbb')
  })

  test('read an absent tick as false and lines as a list', ({ assert }) => {
    const input = inputOf(schema, {
      name: 'ab',
      tags: 'aa\r\n\r\n bb ',
      limit: { max: '2' },
      evil: 1,
    })
    assert.deepEqual(input, { name: 'ab', on: false, limit: { max: '2' }, tags: ['aa', 'bb'] })
  })

  test('put every error of the schema beside a field', async ({ assert }) => {
    const value = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.array(fc.string()),
      fc.object()
    )
    const keys = fc.constantFrom('name', 'kind', 'on', 'limit', 'tags', 'note')
    let refused = 0
    await fc.assert(
      fc.asyncProperty(fc.dictionary(keys, value), async (body) => {
        const error = await vine
          .create(schema)
          .validate(inputOf(schema, body))
          .then(
            () => null,
            (e) => e
          )
        if (!error) return
        assert.instanceOf(error, errors.E_VALIDATION_ERROR)
        refused++
        const bag: Record<string, string[]> = {}
        for (const { field, message } of error.messages) (bag[field] ??= []).push(message)
        const said = fieldsOf(schema, { i18n: i18n(), prefix: 'x', errors: bag })
          .map((f) => f.error ?? '')
          .join('\n')
        for (const { message } of error.messages) assert.include(said, message)
      }),
      { numRuns: 200 }
    )
    assert.isAbove(refused, 50)
  })
})
