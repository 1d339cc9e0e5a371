import type { HttpContext } from '@adonisjs/core/http'
import type { I18n } from '@adonisjs/i18n'
import vine, { errors as vineErrors } from '@vinejs/vine'
import type { Infer } from '@vinejs/vine/types'
import type { Schema } from '#core/plugin'

/** One control of a form, as the `schema_form` component draws it. */
export interface FieldSpec {
  name: string
  label: string
  help?: string
  type: string
  unit?: string
  value: unknown
  options?: { value: string; label: string }[]
  multiple?: boolean
  placeholder?: string
  required: boolean
  min?: number
  max?: number
  step?: number
  maxlength?: number
  error?: string
  wide?: boolean
}

type Choice = readonly { value: string; label: string }[]
type Values = Record<string, unknown>

/** JSON schema as Vine writes it, with what `.meta()` added: label, help, unit, type, options. */
interface Shape {
  type?: string | string[]
  properties?: Record<string, Shape>
  required?: string[]
  items?: Shape
  enum?: unknown[]
  format?: string
  minimum?: number
  maximum?: number
  maxLength?: number
  label?: string
  help?: string
  unit?: string
  wide?: boolean
  control?: string
  options?: Record<string, string>
}

export interface FormOptions {
  values?: Values
  /** Field → sentences, as Vine and the session give them. */
  errors?: Record<string, readonly string[] | string>
  i18n: HttpContext['i18n']
  /** Where the texts are when the schema has no label: `<prefix>.<field>`. */
  prefix?: string
  /** Choices that only the moment knows, by field. */
  choices?: Record<string, Choice>
}

interface Leaf {
  path: string[]
  shape: Shape
  required: boolean
}

const isBoolean = (shape: Shape) =>
  shape.type === 'boolean' || (shape.enum?.includes(true) === true && shape.enum.includes(false))

/** Nested objects become fields of their own: `limits.max`. */
function leavesOf(shape: Shape, path: string[] = []): Leaf[] {
  return Object.entries(shape.properties ?? {}).flatMap(([key, child]) =>
    child.properties
      ? leavesOf(child, [...path, key])
      : [{ path: [...path, key], shape: child, required: shape.required?.includes(key) ?? false }]
  )
}

const shapeOf = (schema: Schema) => (schema as unknown as { toJSONSchema(): Shape }).toJSONSchema()

const nameOf = ([first, ...rest]: string[]) => `${first}${rest.map((key) => `[${key}]`).join('')}`

function valueAt(values: Values, path: string[]): unknown {
  let value: unknown = values
  for (const key of path) value = (value as Values | null | undefined)?.[key]
  return value
}

const FORMATS: Record<string, string> = {
  'email': 'email',
  'uri': 'url',
  'date': 'date',
  'date-time': 'datetime-local',
}

const valuesOf = (shape: Shape) => shape.enum ?? shape.items?.enum

const CONTROLS: Record<string, string> = { array: 'textarea', number: 'number', integer: 'number' }

function controlOf(shape: Shape, choices?: Choice): string {
  if (shape.control) return shape.control
  if (isBoolean(shape)) return 'checkbox'
  if (choices || valuesOf(shape)) return 'select'
  const named = [shape.type].flat().find((type) => CONTROLS[type ?? ''])
  return CONTROLS[named ?? ''] ?? FORMATS[shape.format ?? ''] ?? 'text'
}

function optionsOf({ shape, path }: Leaf, { i18n, prefix, choices }: FormOptions) {
  const given = choices?.[path.join('.')]
  if (given) return [...given]
  const values = isBoolean(shape) ? undefined : valuesOf(shape)
  return values
    ?.filter((value) => value !== null)
    .map((value) => {
      const key = shape.options?.[String(value)] ?? `${prefix}.${path.join('_')}_options.${value}`
      return { value: String(value), label: i18n.hasMessage(key) ? i18n.t(key) : String(value) }
    })
}

function fieldOf(leaf: Leaf, options: FormOptions): FieldSpec {
  const { path, shape, required } = leaf
  const { i18n, prefix, values = {} } = options
  const key = `${prefix}.${path.join('_')}`
  const type = controlOf(shape, options.choices?.[path.join('.')])
  const isList = [shape.type].flat().includes('array')
  const value = valueAt(values, path)
  return {
    name: nameOf(path),
    label: i18n.t(shape.label ?? key),
    ...helpOf(shape.help ?? `${key}_help`, i18n),
    type,
    unit: shape.unit,
    value: type === 'textarea' ? asLines(value) : value,
    ...(type === 'select' ? selectOf(leaf, options, isList) : {}),
    required: required && type !== 'checkbox' && !isList,
    ...limitsOf(shape),
    wide: shape.wide ?? type === 'textarea',
  }
}

const asLines = (value: unknown) => (Array.isArray(value) ? value.join('\n') : value)

const helpOf = (key: string, i18n: I18n) => (i18n.hasMessage(key) ? { help: i18n.t(key) } : {})

const selectOf = (leaf: Leaf, options: FormOptions, isList: boolean) => ({
  options: optionsOf(leaf, options),
  multiple: isList || undefined,
  placeholder: isList || leaf.required ? undefined : '—',
})

const limitsOf = (shape: Shape) => ({
  min: shape.minimum,
  max: shape.maximum,
  step: shape.type === 'integer' ? 1 : undefined,
  maxlength: shape.maxLength,
})

/** The field that an error belongs to: its own, that of its list, the first of its group, the first. */
function ownerOf(leaves: Leaf[], field: string): number {
  const paths = leaves.map(({ path }) => path.join('.'))
  const exact = paths.findIndex((path) => field === path || field.startsWith(`${path}.`))
  if (exact >= 0) return exact
  return Math.max(
    0,
    paths.findIndex((path) => path.startsWith(`${field}.`))
  )
}

/** The controls of a form, generated from a Vine schema. Every error stands beside a field. */
export function fieldsOf(schema: Schema, options: FormOptions): FieldSpec[] {
  const leaves = leavesOf(shapeOf(schema))
  const fields = leaves.map((leaf) => fieldOf(leaf, options))
  for (const [field, messages] of Object.entries(options.errors ?? {})) {
    const spec = fields[ownerOf(leaves, field)]
    if (spec) spec.error = [spec.error, ...[messages].flat()].filter(Boolean).join(' ')
  }
  return fields
}

/** The fields for a page: what the person typed and what was wrong with it come back after a refusal. */
export function formOf(
  ctx: HttpContext,
  schema: Schema,
  options: Omit<FormOptions, 'i18n' | 'errors'>
) {
  const flashed = ctx.session.flashMessages
  const errors = flashed.get('inputErrorsBag') as FormOptions['errors'] | undefined
  const values = errors ? { ...options.values, ...inputOf(schema, flashed.all()) } : options.values
  return fieldsOf(schema, { ...options, values, errors, i18n: ctx.i18n })
}

function readLeaf({ shape }: Leaf, value: unknown): unknown {
  if (isBoolean(shape)) return value ?? false
  if (![shape.type].flat().includes('array')) return value
  if (typeof value !== 'string') return value ?? []
  return value
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean)
}

/** What a browser sent, in the shape of the schema: an absent tick is false, lines are a list. */
export function inputOf(schema: Schema, body: Values): Values {
  const result: Values = {}
  for (const leaf of leavesOf(shapeOf(schema))) {
    let at = result
    for (const key of leaf.path.slice(0, -1)) at = (at[key] ??= {}) as Values
    const value = readLeaf(leaf, valueAt(body, leaf.path))
    if (value !== undefined) at[leaf.path.at(-1)!] = value
  }
  return result
}

/** Validates what a form sent; refusals are told in the words of the person, beside the fields. */
export function readForm<S extends Schema>(ctx: HttpContext, schema: S): Promise<Infer<S>> {
  return vine.create(schema as Schema).validate(inputOf(schema, ctx.request.body()), {
    messagesProvider: ctx.i18n.createMessagesProvider(),
  }) as Promise<Infer<S>>
}

/** A refusal that belongs beside one field, told like an error of the schema. */
export const refuseField = (field: string, message: string, rule = 'refused') =>
  new vineErrors.E_VALIDATION_ERROR([{ field, message, rule }])
