import type { HttpContext } from '@adonisjs/core/http'
import { current } from '#core/current'
import plugin from '../plugin.js'
import { storageLayers } from '../services/page_storage.js'
import { wordsOf } from '../services/page_words.js'

/** What telemetry takes, layer by layer. */
export default class StorageController {
  async show({ view, i18n }: HttpContext) {
    return view.render('fleet::storage/show', {
      layers: await storageLayers(),
      words: wordsOf(i18n),
      // While nothing of it can be set, there is no link to settings.
      maySet: 'settings' in plugin && current.can('core.setting.edit'),
    })
  }
}
