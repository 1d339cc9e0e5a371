import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { edgeGlobals } from 'edge.js'

const safe = edgeGlobals.html.safe
const folder = join(
  dirname(createRequire(import.meta.url).resolve('bootstrap-icons/package.json')),
  'icons'
)
const bodies = new Map<string, string>()

export const escapeHtml = (text: unknown) =>
  String(text ?? '').replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

/** Body of a Bootstrap icon, read once. An unknown name draws a dot instead of failing the page. */
function bodyOf(name: string) {
  const known = bodies.get(name)
  if (known !== undefined) return known
  const file = join(folder, `${name}.svg`)
  const exists = /^[a-z0-9-]+$/.test(name) && existsSync(file)
  const svg = exists ? readFileSync(file, 'utf8') : '<svg><circle cx="8" cy="8" r="3"/></svg>'
  const body = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('<')).replace(/\s*\n\s*/g, '')
  bodies.set(name, body)
  return body
}

const svgOf = (name: string, classes: string, title: string) => {
  const role = title ? `role="img" aria-label="${escapeHtml(title)}"` : 'aria-hidden="true"'
  return `<svg class="icon ${escapeHtml(classes)}" viewBox="0 0 16 16" ${role}>${bodyOf(name)}</svg>`
}

/** An inline icon: `{{ ico('bell') }}`. Decorative unless a title is given. */
export const ico = (name: string, classes = '', title = '') =>
  safe(svgOf(String(name), classes, title))

const SHAPES: Record<string, string> = {
  good: 'check-circle-fill',
  warn: 'exclamation-triangle-fill',
  bad: 'x-octagon-fill',
  info: 'info-circle-fill',
}

/** A state as word and shape, in a line of text: `{{ pill('bad', 'offline') }}`. */
export function pill(kind: string, label: string, icon: string | undefined = SHAPES[kind]) {
  const mark = icon ? svgOf(icon, '', '') : ''
  const classes = `pill pill-${escapeHtml(kind ?? 'neutral')}`
  return safe(`<span class="${classes}">${mark}${escapeHtml(label)}</span>`)
}

/** JSON inside a script element: no `<`, so that it cannot close the element. */
export const jsonData = (value: unknown) =>
  safe(JSON.stringify(value ?? null, bigintAsText).replace(/[<>&\u2028\u2029]/g, unitEscape))

const bigintAsText = (_: string, value: unknown) =>
  typeof value === 'bigint' ? value.toString() : value

const unitEscape = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`

/** A stable id made of words, so that morphs and labels agree between renders. */
export const idOf = (...parts: unknown[]) =>
  parts
    .filter((part) => part !== undefined && part !== null && part !== '')
    .join('-')
    .replace(/[^A-Za-z0-9_-]+/g, '-')

interface Option {
  value: unknown
  label?: unknown
  disabled?: boolean
}

/** Options in any shape that authors use: `'a'`, `['a', 'A']`, `{ value, label }`, `{ a: 'A' }`. */
export function optionList(options: unknown): Option[] {
  if (options && typeof options === 'object' && !Array.isArray(options)) {
    return Object.entries(options).map(([value, label]) => ({ value, label }))
  }
  return ((options ?? []) as unknown[]).map((option) => {
    if (Array.isArray(option)) return { value: option[0], label: option[1] }
    return option && typeof option === 'object'
      ? (option as Option)
      : { value: option, label: option }
  })
}
