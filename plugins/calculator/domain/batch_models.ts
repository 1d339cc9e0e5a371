/** A miner that a row may name. */
export interface NamedModel {
  id: string
  label: string
  /** What else it is called: `Antminer S21` for `Bitmain Antminer S21`. */
  aliases: readonly string[]
}

/** What stands before the model proper and is often left out. */
const PREFIXES = /^(bitmain|antminer|microbt|whatsminer|canaan|avalon(miner)?|bitdeer|sealminer)+/

/** A name without case, spaces and signs; `+` counts, since S21 and S21+ are two models. */
export const plainModelName = (name: string) =>
  name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}+]/gu, '')

const withoutPrefix = (plain: string) => plain.replace(PREFIXES, '') || plain

export type ModelMatch =
  | { kind: 'found'; model: NamedModel }
  | { kind: 'ambiguous'; candidates: string[] }
  | { kind: 'unknown'; candidates: string[] }

const MOST_CANDIDATES = 5

/** Finds models by what people call them. Built once for any number of rows. */
export class ModelNames {
  private readonly byLabel = new Map<string, NamedModel[]>()
  private readonly byAlias = new Map<string, NamedModel[]>()
  private readonly loose = new Map<string, NamedModel[]>()

  constructor(models: Iterable<NamedModel>) {
    for (const model of models) {
      add(this.byLabel, plainModelName(model.label), model)
      for (const alias of model.aliases) add(this.byAlias, plainModelName(alias), model)
      for (const name of [model.label, ...model.aliases]) {
        add(this.loose, withoutPrefix(plainModelName(name)), model)
      }
    }
  }

  /**
   * By its whole name, else by another one, else without the name of its maker. Two that fit are
   * none. So a model of one's own is found before one of the catalogue that is called alike.
   */
  find(name: string): ModelMatch {
    const plain = plainModelName(name)
    const fits =
      this.byLabel.get(plain) ??
      this.byAlias.get(plain) ??
      this.loose.get(withoutPrefix(plain)) ??
      []
    if (fits.length === 1) return { kind: 'found', model: fits[0]! }
    if (fits.length > 1) return { kind: 'ambiguous', candidates: labels(fits) }
    return { kind: 'unknown', candidates: labels(this.similar(withoutPrefix(plain))) }
  }

  private similar(plain: string): NamedModel[] {
    if (plain.length < 2) return []
    return [...this.loose]
      .filter(([known]) => known.startsWith(plain) || plain.startsWith(known))
      .flatMap(([, models]) => models)
  }
}

const labels = (models: readonly NamedModel[]) =>
  [...new Set(models.map(({ label }) => label))].slice(0, MOST_CANDIDATES)

function add(index: Map<string, NamedModel[]>, name: string, model: NamedModel) {
  const known = index.get(name)
  if (!known) index.set(name, [model])
  else if (!known.includes(model)) known.push(model)
}
