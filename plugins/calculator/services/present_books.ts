import type { I18n } from '@adonisjs/i18n'
import { usdFormat } from './formats.js'
import type { ProjectionAnswer } from './project_miner.js'

/** The books of host and client side by side, over the whole horizon. */
export function presentBooks({ totals }: ProjectionAnswer, i18n: I18n) {
  if (!totals.books) return []
  const usd = new Intl.NumberFormat(i18n.locale, usdFormat(2))
  const book = (name: 'host' | 'client', lines: object | null) => ({
    title: i18n.t(`calculator.books.${name}`),
    lines:
      lines &&
      (Object.entries(lines) as [string, bigint][]).map(([line, cents]) => ({
        label: i18n.t(`calculator.books.line.${line}`),
        value: usd.format(Number(cents) / 100),
      })),
  })
  return [book('host', totals.books.host), book('client', totals.books.client)]
}
