import type { TrackedEvent } from '#core/events'

export type Handler = (event: TrackedEvent) => Promise<unknown> | unknown

/** A handler and the plugin it belongs to: where that is switched off, it is not called. */
export interface Reaction {
  plugin: string
  handle: Handler
}

const reactions = new Map<string, Reaction[]>()
let registering = 'core'

/** Runs the listeners file of a plugin; what it registers belongs to that plugin. */
export function registerFor(plugin: string, register: () => void) {
  registering = plugin
  try {
    register()
  } finally {
    registering = 'core'
  }
}

/** Registers a handler for an event name, or for '*' (all). Returns how to take it away again. */
export function onTracked(name: string, handle: Handler) {
  const reaction: Reaction = { plugin: registering, handle }
  reactions.set(name, [...(reactions.get(name) ?? []), reaction])
  return () =>
    void reactions.set(
      name,
      (reactions.get(name) ?? []).filter((other) => other !== reaction)
    )
}

/** The handlers that an event of this name must reach. */
export const reactionsTo = (name: string): readonly Reaction[] => [
  ...(reactions.get(name) ?? []),
  ...(reactions.get('*') ?? []),
]
