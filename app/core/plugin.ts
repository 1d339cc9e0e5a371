import assert from 'node:assert/strict'
import type { HttpContext, Router } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import type { VineObject } from '@vinejs/vine'
import type { Infer } from '@vinejs/vine/types'
import { current } from '#core/current'
import { E_FORBIDDEN, E_SIGN_IN_NEEDED } from '#core/errors'
import { type Changes, type Happening, type Subject, track, trackMany } from '#core/events'
import type { CaseHandler } from '#core/cases'
import type { Schedule } from '#core/jobs'
import type { LandingPart } from '#core/landing'
import type { PaletteProvider } from '#core/palette'
import type { Role } from '#core/roles'
import type { RuleVocabulary } from '#core/rules'
import type { SecretKeeper } from '#core/secrets'
import { readSettings } from '#core/settings'

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Schema = VineObject<any, any, any, any>
type Lazy<T> = () => Promise<{ default: T }>

/** A route that the portal shows in one of its places, to those who hold the permission. */
export interface Entry<Permission extends string = string> {
  /** Key of the text. */
  label: string
  route: string
  permission: Permission
  /** Name of a Bootstrap icon. */
  icon?: string
  /** Task group of the navigation. */
  group?: 'operate' | 'business' | 'money' | 'automation' | 'admin'
}

export interface PluginDefinition<Permission extends string = string> {
  /** The folder name. Prefixes URLs, route names, permissions, events, tables, views and texts. */
  name: string
  /** Plugins whose api.ts this one imports, or whose events it listens to. */
  dependsOn?: readonly string[]
  /** Permission → the built-in roles that hold it unless a tenant decides otherwise. */
  permissions: Record<Permission, readonly Role[]>
  /** What can happen here. The facts are what the audit log keeps and what rules can test. */
  events?: Record<string, { facts: Schema }>
  /** What an admin can set per tenant. The schema is also the form. */
  settings?: { schema: Schema; defaults: Record<string, unknown>; permission: Permission }
  nav?: readonly Entry<NoInfer<Permission>>[]
  widgets?: readonly Entry<NoInfer<Permission>>[]
  reports?: readonly Entry<NoInfer<Permission>>[]
  /** Pages, mounted under /<name>. */
  routes?: Lazy<(router: Router) => void>
  /** JSON endpoints, mounted under /api/v1/<name>, or under the word of `apiPath`. */
  apiRoutes?: Lazy<(router: Router) => void>
  /** What programs call its endpoints by, where that is not the name of the plugin. */
  apiPath?: string
  /** What machines at the sites ask, mounted under /edge/v1. Each route ends in a guard of devices. */
  edgeRoutes?: Lazy<(router: Router) => void>
  rules?: Lazy<RuleVocabulary>
  listeners?: Lazy<() => void>
  schedule?: Lazy<readonly Schedule[]>
  /** Kind of reference case → the very function that the product uses. */
  cases?: Lazy<Record<string, CaseHandler>>
  palette?: Lazy<PaletteProvider>
  /** What it shows on the first page to people who are not signed in. */
  landing?: Lazy<LandingPart>
  /** Brings what all tenants share (a catalogue) up to this version. Runs after migrating, again and again. */
  prepare?: Lazy<(say: (line: string) => void) => Promise<void>>
  /** Closes its secrets anew when the key of the installation changes. */
  secrets?: Lazy<SecretKeeper>
  /** Fills a fresh demo tenant. Runs inside its scope, once. */
  demo?: Lazy<() => Promise<void>>
}

type Events<D> = D extends { events: infer E } ? E : {}
type Facts<E> = E extends { facts: infer S extends Schema } ? Infer<S> : never
type Settings<D> = D extends { settings: { schema: infer S extends Schema } } ? Infer<S> : {}

/** The plugin that a permission, given in full, belongs to. */
export const pluginOf = (permission: string) => permission.slice(0, permission.indexOf('.'))

/** A route guard; its name makes `node ace list:routes` print the permission of every route. */
export function guard(permission: string) {
  const check = (_: HttpContext, next: NextFn) => {
    if (!current.can(permission)) {
      const who = current.peek()
      throw who?.userId ? new E_FORBIDDEN([permission]) : new E_SIGN_IN_NEEDED()
    }
    return next()
  }
  return Object.defineProperty(check, 'name', { value: permission })
}

/** The manifest of a plugin. It is data, plus the typed handle that its own code uses. */
export function definePlugin<P extends string, const D extends PluginDefinition<P>>(
  definition: D & { permissions: Record<P, readonly Role[]> }
) {
  const full = (key: string) => `${definition.name}.${key}`
  return {
    ...(definition as D),
    path: (folder: string) => `plugins/${definition.name}/${folder}`,

    /** Route guard: lets through those who hold the permission. */
    can: (permission: P) => guard(full(permission)),

    /** Guard of a public route: the permission is one that Guest holds. */
    open(permission: P) {
      const holders = definition.permissions[permission]
      assert(holders?.includes('guest'), `${full(permission)} is not a permission of Guest`)
      return guard(full(permission))
    },

    /** Whether the current actor holds the permission. */
    allows: (permission: P) => current.can(full(permission)),

    /** Records that something happened to a record, in the transaction of that record. */
    track<K extends keyof Events<D> & string>(
      subject: Subject,
      event: K,
      facts: Facts<Events<D>[K]>,
      changes?: Changes
    ) {
      return track(subject, full(event), facts as Record<string, unknown>, changes)
    },

    /** The same event for each of many records. */
    trackMany<K extends keyof Events<D> & string>(
      event: K,
      happenings: readonly { subject: Subject; facts: Facts<Events<D>[K]>; changes?: Changes }[]
    ) {
      return trackMany(full(event), happenings as readonly Happening[])
    },

    /** The settings of the current tenant over the defaults. */
    readSettings: () =>
      readSettings(definition.name, definition.settings?.defaults) as Promise<Settings<D>>,
  }
}

export type Plugin = PluginDefinition & { path(folder: string): string }
