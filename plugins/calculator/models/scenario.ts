import { compose } from '@adonisjs/core/helpers'
import { DateTime } from 'luxon'
import { current } from '#core/current'
import { E_NOT_FOUND } from '#core/errors'
import { changesOf } from '#core/events'
import { isId } from '#core/ids'
import { Tenanted } from '#core/model'
import { CalculatorScenarioSchema } from '#database/schema'
import plugin from '../plugin.js'
import {
  asStored,
  type Fields,
  type Question,
  type ScenarioAnswer,
} from '../services/scenario_answer.js'

export interface Label {
  name: string
  note: string | null
}

/** A question with a name, and the answer it got when it was saved. */
export default class Scenario extends compose(CalculatorScenarioSchema, Tenanted) {
  static table = 'calculator_scenarios'

  /** The scenario with this id, or E_NOT_FOUND: a foreign one is as missing as one that never was. */
  static async named(id: unknown): Promise<Scenario> {
    const scenario = isId(id) ? await Scenario.find(id) : null
    if (!scenario) throw new E_NOT_FOUND()
    return scenario as Scenario
  }

  /** Keeps a question with its answer. What a hosting client saves is their customer's. */
  static async keep(label: Label, { kind, query }: Question, answer: ScenarioAnswer) {
    const { userId, customerId } = current.get()
    const scenario = await this.create({
      ...label,
      kind,
      query,
      customerId: customerId === '*' ? null : customerId,
      miner: answer.day.model?.label ?? null,
      answer: asStored(answer),
      answeredAt: DateTime.fromISO(answer.at),
      profitCents: answer.day.booked.profitCents,
      createdBy: userId,
    })
    await plugin.track(scenario, 'scenario.saved', { name: label.name })
    return scenario
  }

  get question(): Question {
    const { kind, query } = this as unknown as { kind: Question['kind']; query: Fields }
    return { kind, query }
  }

  async rename({ name, note }: Label) {
    this.name = name
    this.note = note
    const changes = changesOf(this)
    if (Object.keys(changes).length === 0) return
    await this.save()
    await plugin.track(this, 'scenario.renamed', { name: this.name }, changes)
  }

  async archive() {
    if (this.archivedAt) return
    this.archivedAt = DateTime.utc()
    await this.save()
    await plugin.track(this, 'scenario.archived', { name: this.name })
  }

  async restore() {
    if (!this.archivedAt) return
    this.archivedAt = null
    await this.save()
    await plugin.track(this, 'scenario.restored', { name: this.name })
  }
}
