import { BaseSchema } from '@adonisjs/lucid/schema'

const SERIES = [
  'price_usd',
  'price_eur',
  'price_cny',
  'difficulty',
  'network_hashrate_ths',
  'block_height',
  'fees_sats_per_block',
  'mempool_fee_sat_vb',
  'fear_greed',
]
const FIRST_SERIES = ['price_usd', 'difficulty', 'network_hashrate_ths']

const quoted = (names: string[]) => names.map((name) => `'${name}'`).join(', ')

/** More series, which may be 0, and how well their sources agree. */
export default class extends BaseSchema {
  async up() {
    this.schema.raw(`
      alter table market_points
        drop constraint market_points_series_check,
        drop constraint market_points_value_check,
        add constraint market_points_series_check check (series in (${quoted(SERIES)})),
        add constraint market_points_value_check check (value >= 0 and value < 'Infinity'),
        add column quality text not null default 'imported'
          check (quality in ('imported', 'single', 'agreed', 'disputed'))`)
  }

  async down() {
    this.schema.raw(
      `delete from market_points where series not in (${quoted(FIRST_SERIES)}) or value = 0`
    )
    this.schema.raw(`
      alter table market_points
        drop constraint market_points_series_check,
        drop constraint market_points_value_check,
        add constraint market_points_series_check check (series in (${quoted(FIRST_SERIES)})),
        add constraint market_points_value_check check (value > 0 and value < 'Infinity'),
        drop column quality`)
  }
}
