import { parseCellNumber } from '#core/cell_number'
import type { FileRow } from '#core/file_rows'
import { BATCH_FIELDS, type BatchField, inOurUnit } from '../domain/batch_fields.js'
import { ModelNames } from '../domain/batch_models.js'
import type { BatchReading } from './batch_reading.js'
import { priceRow, type RowFigures } from './batch_pricing.js'
import type { InputContext, KnownModel } from './input_context.js'
import type { ProfitQuery } from './inputs.js'

/** One thing that is wrong with a row: the field and the key of a sentence about it. */
export interface BatchFault {
  field: string
  key: string
  args?: Record<string, string | number>
}

/** Inputs of the whole batch: they hold where a row says nothing. */
export type SharedInputs = Partial<Omit<ProfitQuery, 'modelId' | 'count'>>

export interface PricedRow {
  line: number
  name: string | null
  figures: RowFigures
}

export interface RefusedRow {
  line: number
  cells: readonly string[]
  faults: BatchFault[]
}

/** What a row says, as the calculator would be asked. */
export interface AskedRow {
  name: string | null
  query: Record<string, unknown>
  faults: BatchFault[]
}

const LONGEST_NAME = 200

/** Reads and prices the rows of one batch on one footing. */
export class BatchRows {
  private readonly models: ModelNames
  private readonly columns: [BatchField, { column: number; unit?: string }][]

  constructor(
    private readonly reading: Pick<BatchReading, 'columns' | 'decimal'>,
    private readonly shared: SharedInputs,
    private readonly context: InputContext
  ) {
    this.models = new ModelNames([...context.models.values()].map(namesOf))
    this.columns = BATCH_FIELDS.flatMap((field) => {
      const found = reading.columns[field]
      return found ? [[field, found] as [BatchField, typeof found]] : []
    })
  }

  /** A row of text, priced or refused with every reason. */
  async price({ line, cells }: FileRow): Promise<PricedRow | RefusedRow> {
    const { name, query, faults } = this.read(cells)
    if (faults.length > 0) return { line, cells, faults }
    const outcome = await this.ask(query)
    return 'faults' in outcome
      ? { line, cells, faults: outcome.faults }
      : { line, name, figures: outcome.figures }
  }

  /** A question by itself, as the API asks it. */
  ask(query: Record<string, unknown>) {
    return priceRow({ ...this.shared, ...query }, this.context)
  }

  /** What the cells say, field by field. */
  read(cells: readonly string[]): AskedRow {
    const row: AskedRow = { name: null, query: {}, faults: [] }
    for (const [field, { column, unit }] of this.columns) {
      const text = cells[column]?.trim() ?? ''
      if (text === '') continue
      if (field === 'name') row.name = text.slice(0, LONGEST_NAME)
      else if (field === 'model') this.readModel(text, row)
      else this.readFigure(field, { text, unit }, row)
    }
    return row
  }

  /** The model that is meant, by its id or its name; a fault in the row otherwise. */
  readModel(text: string, row: AskedRow) {
    if (this.context.models.has(text)) {
      row.query.modelId = text
      return
    }
    const match = this.models.find(text)
    if (match.kind === 'found') {
      row.query.modelId = match.model.id
      return
    }
    const { kind, candidates } = match
    const key = `calculator_batch.fault.${kind}${candidates.length > 0 ? '' : '_model'}`
    row.faults.push({
      field: 'model',
      key,
      args: { name: text.slice(0, 80), candidates: candidates.join(', ') },
    })
  }

  private readFigure(
    field: BatchField,
    { text, unit }: { text: string; unit?: string },
    row: AskedRow
  ) {
    const value = parseCellNumber(text, this.reading.decimal)
    if (value === null) {
      row.faults.push({
        field,
        key: 'calculator_batch.fault.number',
        args: { text: text.slice(0, 40) },
      })
      return
    }
    row.query[field] = inOurUnit(field, value, unit)
  }
}

/** Own models go by their name, those of the catalogue also by their maker's. */
const namesOf = ({ card, source }: KnownModel) => ({
  id: card.id,
  label: card.label,
  aliases: source === 'catalogue' ? [card.label.slice(card.label.indexOf(' ') + 1)] : [],
})

export const isPriced = (row: PricedRow | RefusedRow): row is PricedRow => 'figures' in row
