import type { HttpContext } from '@adonisjs/core/http'
import plugin from '../plugin.js'
import { storageLayers } from '../services/page_storage.js'
import { wordsOf } from '../services/page_words.js'

/** What telemetry takes, layer by layer. */
export default class StorageController {
  async show({ view, i18n }: HttpContext) {
    return view.render('fleet::storage/show', {
      layers: await storageLayers(),
      words: wordsOf(i18n),
      maySet: plugin.allows('collector.edit'),
    })
  }
}
