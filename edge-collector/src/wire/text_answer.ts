import type { Json } from './contract.js'

const STATUS = /^STATUS=[SIWEF],/
const MOST_SECTIONS = 1000

/**
 * The text form of old firmware, `STATUS=S,Code=22|VERSION,API=3.7|`, as a list of sections; null
 * when it is something else.
 */
export const parseText = (text: string): Json[] | null => {
  if (!STATUS.test(text)) return null
  return text.split('|').filter(Boolean).slice(0, MOST_SECTIONS).map(toSection)
}

const toSection = (section: string): Json =>
  Object.fromEntries(
    section.split(',').map((part) => {
      const cut = part.indexOf('=')
      return cut === -1 ? ['_section', part] : [part.slice(0, cut), part.slice(cut + 1)]
    })
  )
