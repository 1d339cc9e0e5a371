import type { I18n } from '@adonisjs/i18n'
import router from '@adonisjs/core/services/router'
import { current } from '#core/current'
import { installed } from '#services/registry'

/** The first page of a member: counts of what there is, and the widgets of the plugins they may see. */
export async function overviewOf(i18n: I18n) {
  const widgets = installed.flatMap((plugin) =>
    (plugin.widgets ?? [])
      .filter(({ permission }) => current.can(`${plugin.name}.${permission}`))
      .map(({ label, route }) => ({ label: i18n.t(label), url: router.makeUrl(route) }))
  )
  return { widgets }
}
