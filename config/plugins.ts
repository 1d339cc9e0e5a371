import type { Plugin } from '#core/plugin'
import calculator from '#plugins/calculator/plugin'
import fleet from '#plugins/fleet/plugin'
import market from '#plugins/market/plugin'

/** The installed plugins, in boot order: a plugin comes after those that it depends on. */
const plugins: Plugin[] = [market, calculator, fleet]

export default plugins
