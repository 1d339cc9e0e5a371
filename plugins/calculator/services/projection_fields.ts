const OF_THE_COMMAND = new Set(['tenant', 'json', 'sensitivity'])

/** Options of the console as fields of a question: `--usd-per-kwh` is `usdPerKwh`. */
export const fieldsOf = (given: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(given)
      .filter(([name]) => !OF_THE_COMMAND.has(name))
      .map(([name, value]) => [
        name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
        value,
      ])
  )
