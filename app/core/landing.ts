import type { HttpContext } from '@adonisjs/core/http'

/**
 * A part of the first page that people see who are not signed in. The page shows the parts it
 * gets and reserves no room for others.
 */
export interface LandingPart {
  /** Beside the first sentence, or a section below it. */
  place: 'hero' | 'section'
  /** Smaller comes first. */
  order: number
  /** Key of the text of the one primary action, which leads to `#<name of the plugin>`. */
  action?: string
  /** A permission of the plugin that Guest holds, without the plugin's name. */
  permission: string
  /** Edge view without a frame. It finds what `state` answered as `part.state`. */
  view: string
  /** What the view shows, for a guest: shared tables only, nothing that is asked of the network. */
  state(ctx: HttpContext): Promise<object>
  /** The plugin in the list of what is inside. */
  card: LandingCard
}

export interface LandingCard {
  /** Name of a Bootstrap icon. */
  icon: string
  /** Keys of texts. */
  title: string
  text: string
  /** Where to look at it without signing in: address and key of its text. */
  link?: { url: string; text: string }
}
