import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import app from '@adonisjs/core/services/app'
import { type SourceFile, sourceFiles } from '#tests/support/source_files'

export const LOCALES = ['en', 'zh'] as const

type Nested = { [key: string]: string | Nested }

function flatten(nested: Nested, prefix: string): [string, string][] {
  return Object.entries(nested).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[`${prefix}.${key}`, value] as [string, string]]
      : flatten(value, `${prefix}.${key}`)
  )
}

/** Key → text of one language, of the core and all plugins. */
export function textsOf(locale: string): Map<string, string> {
  const files = sourceFiles(['resources/lang', 'plugins'], /\.json$/).filter(({ path }) =>
    path.includes(`/lang/${locale}/`)
  )
  return new Map(
    files.flatMap(({ path }) =>
      flatten(
        JSON.parse(readFileSync(app.makePath(path), 'utf8')) as Nested,
        basename(path, '.json')
      )
    )
  )
}

const CODE = ['app', 'start', 'plugins', 'config', 'providers', 'resources/views', 'resources/js']

export const codeFiles = () => sourceFiles(CODE, /\.(ts|js|edge)$/)
export const viewFiles = () => sourceFiles(['resources/views', 'plugins'], /\.edge$/)

const KEY = /^[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)+$/
/** `t('a.b')`, `label: 'a.b'` and the other places where a literal is certainly a key of a text. */
const CERTAIN =
  /(?:\b(?:t|translate|formatMessage|hasMessage|sentence|say)\(\s*|\b(?:label|summary|caption|help|hint):\s*)'([^'\n]+)'(?!\s*\+)/g
/** Faults beside fields name their sentence by `key`, as tables name themselves elsewhere. */
const FAULT = /\bkey:\s*'([^'\n]+)'/g
const LITERAL = /(['"`])([a-z][a-z0-9_]*\.[A-Za-z0-9_.-]*)\1/g
/** `'a.b.' + x`, `` `a.b.${x}` `` and `prefix: 'a.b'`: some key that begins so. */
const STEM =
  /(?:'([a-z][a-z0-9_]*\.[A-Za-z0-9_.-]*)'\s*\+|`([a-z][a-z0-9_]*\.[A-Za-z0-9_.-]*)\$\{)/g
const PREFIX = /\b(?:prefix|PREFIX)\b[^'"`\n]{0,24}['"`]([a-z][A-Za-z0-9_.-]*)['"`]/g

export interface Uses {
  /** Key → a file that shows it. */
  certain: Map<string, string>
  literals: Set<string>
  stems: Map<string, string>
}

/** What the code asks of the language files. */
export function usesOf(files: readonly SourceFile[]): Uses {
  const uses: Uses = { certain: new Map(), literals: new Set(), stems: new Map() }
  for (const { path, text } of files) {
    const faults = text.includes('BadInput') ? text.matchAll(FAULT) : []
    for (const [, key] of [...text.matchAll(CERTAIN), ...faults]) {
      if (KEY.test(key!)) uses.certain.set(key!, path)
    }
    for (const [, , key] of text.matchAll(LITERAL)) uses.literals.add(key!)
    for (const [, quoted, template] of text.matchAll(STEM))
      uses.stems.set(quoted ?? template!, path)
    for (const [, prefix] of text.matchAll(PREFIX)) uses.stems.set(`${prefix}.`, path)
  }
  return uses
}

const LETTERS = /\p{L}{2,}|[\u4e00-\u9fff]/u
/** Units and names are the same in every language. */
const NEUTRAL =
  /\b(HashInsight|hi_|TH\/s|GH\/s|J\/TH|kWh?|MW|BTC|USD|API|JSON|CSV|PDF|UTC|W|Esc|Ctrl|Enter)\b/g
const SHOWN = /\b(?:aria-label|aria-description|title|placeholder|alt)="([^"]*)"/g
const SHOWN_PROPS =
  /\b(?:title|label|text|lead|caption|placeholder|note|heading|help):\s*'([^']*)'/g

/** Cuts a directive with its arguments, which may go over several lines. */
function withoutDirectives(view: string): { markup: string; directives: string } {
  let markup = ''
  let directives = ''
  let at = 0
  for (const match of view.matchAll(/^[ \t]*@!?[a-zA-Z.]+/gm)) {
    if (match.index < at) continue
    let end = match.index + match[0].length
    if (view[end] === '(') end = endOfParentheses(view, end)
    markup += view.slice(at, match.index)
    directives += `${view.slice(match.index, end)}\n`
    at = end
  }
  return { markup: markup + view.slice(at), directives }
}

function endOfParentheses(view: string, start: number): number {
  let depth = 0
  for (let i = start; i < view.length; i += 1) {
    if (view[i] === '(') depth += 1
    if (view[i] === ')') depth -= 1
    if (depth === 0) return i + 1
  }
  return view.length
}

const isWords = (text: string) =>
  LETTERS.test(text.replaceAll(/&[a-z#0-9]+;/gi, ' ').replaceAll(NEUTRAL, ' '))

/** Words that a view shows without asking the language files. */
export function hardCodedWords(view: string): string[] {
  const visible = view
    .replaceAll(/\{\{--[\s\S]*?--\}\}/g, '')
    .replaceAll(/<(script|style)\b[\s\S]*?<\/\1>/g, '')
  const { markup, directives } = withoutDirectives(visible)
  const plain = markup
    .replaceAll(/\{\{\{[\s\S]*?\}\}\}/g, '')
    .replaceAll(/\{\{[\s\S]*?\}\}(?!\})/g, '')
  const attributes = [...plain.matchAll(SHOWN)].map(([, text]) => text!)
  const nodes = plain.split(/<[^>]*>/)
  const props = [...directives.matchAll(SHOWN_PROPS)]
    .map(([, text]) => text!)
    .filter((text) => !KEY.test(text))
  return [...attributes, ...nodes, ...props].map((text) => text.trim()).filter(isWords)
}
