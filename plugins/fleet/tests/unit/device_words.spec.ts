import { test } from '@japa/runner'
import { METER_FIELDS, type MeterMap } from '#edge/protocol/meters'
import { METER_MAPS } from '#edge/protocol/meter_maps'
import { LOCALES, textsOf } from '#tests/support/texts'
import { saysOf, usualByMap } from '../../services/device_says.js'

interface Warns {
  flags?: readonly { code: string }[] | null
  http?: { alarms: readonly string[] } | null
}

const codesOf = ({ flags, http }: MeterMap & Warns) => [
  ...(flags ?? []).map(({ code }) => code),
  ...(http?.alarms ?? []).map((key) => key.toLowerCase()),
]

test.group('Words for devices', () => {
  test('are there for every value, and every alarm of every map', ({ assert }) => {
    const keys = [
      ...METER_FIELDS.map((field) => `fleet_meters.value.${field}`),
      ...METER_MAPS.flatMap(codesOf).map((code) => `fleet_devices.alarm.${code}`),
    ]
    for (const locale of LOCALES) {
      const texts = textsOf(locale)
      assert.deepEqual(
        keys.filter((key) => !texts.has(key)),
        [],
        locale
      )
    }
  })
})

test.group('What a device can say', () => {
  test('follows from its map, or from registers of its own', ({ assert }) => {
    const own = (...fields: string[]) =>
      saysOf(
        'generic',
        fields.map((field) => ({ field }) as never)
      )
    assert.equal(saysOf('comet_t', null).kind, 'sensor')
    assert.sameMembers([...saysOf('comet_t', null).fields], ['temperature_c', 'humidity_pct'])
    assert.equal(own('power_w', 'temperature_c').kind, 'meter')
    assert.equal(own('humidity_pct').kind, 'sensor')
    assert.equal(own('power_w', 'outlets_on').kind, 'pdu')
    assert.equal(own('power_w', 'return_temp_c').kind, 'container')
    assert.equal(own().kind, 'meter')
    assert.isFalse(own('return_temp_c').hasAlarms)
    assert.equal(saysOf('gone', null).kind, 'meter')
  })

  test('has sensible defaults for each map', ({ assert }) => {
    const usual = usualByMap()
    assert.sameMembers(
      Object.keys(usual),
      METER_MAPS.map(({ name }) => name)
    )
    assert.deepEqual(
      [usual.abb_eq!.measures, usual.comet_t!.measures, usual.comet_t!.isMeter],
      ['site', 'room', false]
    )
  })
})
