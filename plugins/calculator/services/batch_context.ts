import type { InputContext, KnownModel } from './input_context.js'

/** The context as a batch keeps it: whoever goes on with it later prices on the same values. */
export type FrozenContext = Omit<InputContext, 'now' | 'models'> & {
  now: string
  models: KnownModel[]
}

export const freeze = ({ now, models, ...rest }: InputContext): FrozenContext => ({
  ...rest,
  now: now.toISOString(),
  models: [...models.values()],
})

export const thaw = ({ now, models, ...rest }: FrozenContext): InputContext => ({
  ...rest,
  now: new Date(now),
  models: new Map(models.map((model) => [model.card.id, model])),
})
