import router from '@adonisjs/core/services/router'

/** A route as the tests that are generated from the router see it. */
export interface RouteFacts {
  method: string
  pattern: string
  name: string
  /** Names of the middleware that decide who may pass. */
  guards: string[]
  params: string[]
  /** Whether it is under /api: bearer tokens, JSON, no cookie. */
  isApi: boolean
}

const isGuard = (name: string) => /^(open|signed-in|device|[a-z_]+\.[a-z_.]+)$/.test(name)

/**
 * Every route of the core and the plugins, but for those that tests add under /testing/. Only
 * inside a test: before, the router is empty.
 */
export function allRoutes(): RouteFacts[] {
  return Object.values(router.toJSON())
    .flat()
    .filter(({ pattern }) => !pattern.includes('/testing/'))
    .flatMap((route) => {
      const names = [...route.middleware.all()].map((one) => String(one.name ?? ''))
      return route.methods
        .filter((method) => method !== 'HEAD')
        .map((method) => ({
          method,
          pattern: route.pattern,
          name: route.name ?? '',
          guards: names.filter(isGuard),
          params: route.pattern.match(/(?<=:)\w+/g) ?? [],
          isApi: /^\/?(api|edge)(\/|$)/.test(route.pattern),
        }))
    })
}

/** The address of a route with its parameters filled in. */
export const addressOf = (route: RouteFacts, values: Record<string, string>) =>
  route.pattern.replace(/:(\w+)\??/g, (_, name) => encodeURIComponent(values[name] ?? 'none'))
