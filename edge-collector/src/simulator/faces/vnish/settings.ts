import type { Moment, SimulatedMiner } from '../../contract.js'
import { round } from '../words.js'
import { ghs } from '../cgminer_rows.js'
import { profilesOf } from '../profiles.js'
import { withoutScheme } from './parts.js'

export const factoryOf = (miner: SimulatedMiner, { boards }: Moment) => ({
  hr_stock: ghs(miner.model.hashrateThs),
  has_pics: true,
  psu_model: 'APW12',
  psu_serial: `P${miner.serial}`,
  chains: boards.map(({ slot, serial }) => ({
    id: slot + 1,
    board_model: 'BHB42601',
    serial,
    chip_bin: 1,
    freq: miner.model.frequencyMhz,
    volt: Math.round(miner.model.boardVoltageV * 100),
    hashrate: round(miner.model.hashrateThs / miner.model.boards, 1),
  })),
})

/** Named after their watts; "disabled" is how it came. */
export const DISABLED = 'disabled'
export const presetName = ({ watts }: { watts: number }) => String(watts)

export const presetsOf = ({ model }: SimulatedMiner) => [
  { name: DISABLED, pretty: DISABLED, status: 'untuned', modded_psu_required: false },
  ...profilesOf(model).map((profile) => ({
    name: presetName(profile),
    pretty: `${profile.watts} watt ~ ${Math.round(profile.hashrateThs)} TH`,
    status: 'tuned',
    modded_psu_required: false,
  })),
]

export const settingsOf = ({ model }: SimulatedMiner, { profile, pools }: Moment) => {
  const preset = profilesOf(model).find(({ order }) => order === profile)
  return {
    miner: {
      overclock: {
        modded_psu: false,
        preset: preset ? presetName(preset) : DISABLED,
        globals: { freq: model.frequencyMhz, volt: Math.round(model.boardVoltageV * 100) },
      },
      pools: pools.map(({ url, user, password }, id) => ({
        url: withoutScheme(url),
        user,
        pass: password,
        order: id,
        id,
      })),
      cooling: { mode: { name: 'auto', param: 60 } },
    },
  }
}
