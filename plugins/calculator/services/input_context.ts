import {
  latestValues,
  networkHashrateMean,
  type NetworkMean,
  type StoredSeries,
  type StoredValue,
} from '#plugins/market/api'
import { current } from '#core/current'
import CatalogueModel from '../models/catalogue_model.js'
import OwnModel from '../models/own_model.js'
import plugin from '../plugin.js'
import type { ModelCard, SourceCode } from './inputs.js'

/** A miner that a question may name. */
export interface KnownModel {
  hashrateThs: number
  powerW: number
  source: SourceCode
  card: ModelCard
}

/**
 * What the portal knows at one moment: everything a question may lean on. Read once; then any
 * number of questions (a fleet, a heat map, a comparison) are answered on the same footing.
 */
export interface InputContext {
  now: Date
  latest: Partial<Record<StoredSeries, StoredValue>>
  networkMean: NetworkMean | null
  settings: { usdPerKwh?: number; poolFeePct?: number; overheadPct?: number }
  models: ReadonlyMap<string, KnownModel>
}

const NEEDED = ['price_usd', 'difficulty', 'block_height', 'fees_sats_per_block'] as const

/** Reads the context of the current actor: the named models, or all that are in use. */
export async function loadContext(
  now: Date,
  modelIds: readonly string[] | 'all'
): Promise<InputContext> {
  return {
    now,
    latest: await latestValues(NEEDED),
    networkMean: await networkHashrateMean(),
    settings: await plugin.readSettings(),
    models: new Map((await knownModels(modelIds)).map((model) => [model.card.id, model])),
  }
}

/** The context of one question. */
export const contextFor = (query: { modelId?: string }, now: Date) =>
  loadContext(now, query.modelId ? [query.modelId] : [])

async function knownModels(ids: readonly string[] | 'all'): Promise<KnownModel[]> {
  if (ids.length === 0) return []
  const catalogue = CatalogueModel.query()
  const own = current.get().tenantId ? OwnModel.query() : null
  if (ids === 'all') own?.whereNull('archived_at')
  else {
    catalogue.whereIn('id', [...ids])
    own?.whereIn('id', [...ids])
  }
  return [...(await catalogue).map(fromCatalogue), ...((await own) ?? []).map(fromOwn)]
}

const fromCatalogue = (model: CatalogueModel): KnownModel => ({
  hashrateThs: model.hashrateThs,
  powerW: model.powerW,
  source: 'catalogue',
  card: {
    id: model.id,
    label: model.label,
    evidence: model.evidence,
    note: model.evidenceNote,
  },
})

const fromOwn = (model: OwnModel): KnownModel => ({
  hashrateThs: model.hashrateThs,
  powerW: model.powerW,
  source: 'own_model',
  card: { id: model.id, label: model.label, evidence: null, note: model.note },
})
