/** One line of the command palette: something to open or to do. */
export interface PaletteItem {
  /** Text in the user's language. */
  label: string
  /** Small text beside it: what kind of thing it is. */
  hint: string
  url: string
  icon?: string
}

/** Finds what a person may mean by some typed letters. Runs inside their scope. */
export type PaletteProvider = (
  query: string,
  translate: (key: string) => string
) => Promise<PaletteItem[]>
