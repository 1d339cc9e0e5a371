import IntlMessageFormat from 'intl-messageformat'
import { test } from '@japa/runner'
import { VIAS } from '#core/current'
import { installed } from '#services/registry'
import {
  codeFiles,
  hardCodedWords,
  LOCALES,
  textsOf,
  usesOf,
  viewFiles,
} from '#tests/support/texts'
import { sourceFiles } from '#tests/support/source_files'

/** Codes that the framework throws and our texts answer. */
const FRAMEWORK =
  /^errors\.(status\.\d+|E_ROUTE_NOT_FOUND|E_ROW_NOT_FOUND|E_BAD_CSRF_TOKEN|E_VALIDATION_ERROR|E_REQUEST_ENTITY_TOO_LARGE|E_UNEXPECTED)$/

const DEFINED =
  /(?:defineError|createError)(?:<[^>]*>)?\(\s*(?:'(?:[^'\\]|\\.)*'|"[^"]*"|`[^`]*`)\s*,\s*'(E_\w+)'\s*,\s*(\d+)/g

interface IcuNode {
  type: number
  value?: string
  options?: Record<string, { value: IcuNode[] }>
  children?: IcuNode[]
}

/** Names of the arguments of a message; type 0 is plain text, 7 the # of a plural. */
function argumentsOf(nodes: IcuNode[]): string[] {
  return nodes.flatMap((node) => [
    ...(node.type === 0 || node.type === 7 || node.type === 8 ? [] : [node.value!]),
    ...Object.values(node.options ?? {}).flatMap((option) => argumentsOf(option.value)),
    ...argumentsOf(node.children ?? []),
  ])
}

const argumentsIn = (text: string, locale: string) => {
  const message = new IntlMessageFormat(text, locale)
  return [...new Set(argumentsOf(message.getAst() as IcuNode[]))].sort()
}

test.group('Texts', () => {
  const texts = new Map(LOCALES.map((locale) => [locale, textsOf(locale)]))
  const keys = [...texts.get('en')!.keys()].sort()
  const uses = usesOf(codeFiles())

  test('have every key in both languages', ({ assert }) => {
    assert.isAbove(keys.length, 100)
    for (const locale of LOCALES) {
      assert.deepEqual([...texts.get(locale)!.keys()].sort(), keys, locale)
    }
  })

  test('are never empty and never the same sentence in both languages', ({ assert }) => {
    const same: string[] = []
    for (const [key, english] of texts.get('en')!) {
      const chinese = texts.get('zh')!.get(key) ?? ''
      if (english.trim() === '' || chinese.trim() === '') same.push(`${key} is empty`)
      const isSentence = english.split(' ').length > 3
      if (isSentence && english === chinese) same.push(`${key} is not translated`)
    }
    assert.deepEqual(same, [])
  })

  test('can be formatted, with the same arguments in both languages', ({ assert }) => {
    for (const key of keys) {
      const [english, chinese] = LOCALES.map((locale) =>
        argumentsIn(texts.get(locale)!.get(key)!, locale)
      )
      assert.deepEqual(chinese, english, key)
    }
  })

  test('exist wherever the code asks for them', ({ assert }) => {
    const asked = [...uses.certain].filter(([key]) => !keys.includes(key))
    assert.deepEqual(asked, [])
    const stems = [...uses.stems].filter(
      ([stem]) => namespaces().has(stem.split('.')[0]!) && !keys.some((key) => key.startsWith(stem))
    )
    assert.deepEqual(stems, [])
  })

  test('name every way in that the audit log keeps', ({ assert }) => {
    const wanted = VIAS.map((via) => `audit.via_options.${via}`)
    assert.deepEqual(
      wanted.filter((key) => !keys.includes(key)),
      []
    )
  })

  test('name every permission and event of every plugin', ({ assert }) => {
    const wanted = installed.flatMap(({ name, permissions, events = {} }) => [
      ...Object.keys(permissions).map((key) => `${name}.permission.${key}`),
      ...Object.keys(events).map((key) => `${name}.event.${key}`),
    ])
    assert.deepEqual(
      wanted.filter((key) => !keys.includes(key)),
      []
    )
  })

  test('explain every error that a person can meet', ({ assert }) => {
    const codes = new Map<string, string>()
    for (const { path, text } of sourceFiles(['app', 'plugins', 'start'], /\.ts$/)) {
      for (const [, code, status] of text.matchAll(DEFINED)) {
        if (Number(status) < 500) codes.set(code!, path)
      }
    }
    assert.isAbove(codes.size, 10)
    const silent = [...codes].filter(([code]) => !keys.includes(`errors.${code}`))
    assert.deepEqual(silent, [])
  })

  test('are all used', ({ assert }) => {
    const stems = [...uses.stems.keys()]
    const sources = codeFiles()
      .map(({ text }) => text)
      .join('\n')
    const isUsed = (key: string) =>
      uses.certain.has(key) ||
      uses.literals.has(key) ||
      stems.some((stem) => key.startsWith(stem)) ||
      FRAMEWORK.test(key) ||
      /^validator\./.test(key) ||
      /^\w+\.(name$|permission\.|event\.|job\.)/.test(key) ||
      (key.startsWith('errors.E_') && sources.includes(key.slice('errors.'.length)))
    assert.deepEqual(
      keys.filter((key) => !isUsed(key)),
      []
    )
  })

  test('are not written into views', ({ assert }) => {
    const found = viewFiles().flatMap(({ path, text }) =>
      hardCodedWords(text).map((words) => `${path}: ${words}`)
    )
    assert.deepEqual(found, [])
  })

  test('leave a view only escaped; raw output belongs to components and to mails of plain text', ({
    assert,
  }) => {
    const raw = viewFiles().filter(
      ({ path, text }) =>
        !/views\/components\/|_text\.edge$/.test(path) &&
        text.replaceAll(/\{\{--[\s\S]*?--\}\}/g, '').includes('{{{')
    )
    assert.deepEqual(
      raw.map(({ path }) => path),
      []
    )
  })
})

test.group('The scanner of texts', () => {
  test('find words in text, attributes and properties, and nothing else', ({ assert }) => {
    const view = `{{-- A comment. --}}
      @page({ title: 'Hello there', lead: t('a.b') })
      <p class="lead" title="Some words">{{ t('a.b', { n: { x: 1 } }) }} plain words &nbsp;</p>
      <b>5 kWh</b> <i aria-label="{{ label }}">→</i>
      @end`
    assert.sameMembers(hardCodedWords(view), ['Some words', 'plain words &nbsp;', 'Hello there'])
  })

  test('find keys, stems and prefixes', ({ assert }) => {
    const text = `t('a.b') + i18n.t(\`c.d.\${x}\`) + t('e.f.' + y); label: 'g.h'; prefix: 'i.j'; see('k.l')`
    const found = usesOf([{ path: 'x.ts', text }])
    assert.deepEqual([...found.certain.keys()], ['a.b', 'g.h'])
    assert.sameMembers([...found.stems.keys()], ['c.d.', 'e.f.', 'i.j.'])
    assert.isTrue(found.literals.has('k.l'))
  })
})

const namespaces = () => new Set([...textsOf('en').keys()].map((key) => key.split('.')[0]!))
