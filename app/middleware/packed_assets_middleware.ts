import { stat } from 'node:fs/promises'
import app from '@adonisjs/core/services/app'
import type { HttpContext } from '@adonisjs/core/http'
import type { NextFn } from '@adonisjs/core/types/http'
import { codingOf } from '#core/compress'

/** Bundles and nothing else: their names hold no dot but the extension's, so no way up. */
const BUNDLE = /^\/assets\/[\w-]+\.(?:js|css)$/
const ENDINGS = { br: '.br', gzip: '.gz' } as const

const isFile = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false
  )

/**
 * Serves the copy of a bundle that the build has already packed, where the client reads it. The
 * static middleware after this one does the rest: each copy is a file with its own entity tag, and
 * config/static.ts names its coding.
 */
export default class PackedAssetsMiddleware {
  async handle({ request }: HttpContext, next: NextFn) {
    const { request: raw } = request
    const path = request.url()
    const coding = BUNDLE.test(path) ? codingOf(request) : null
    if (coding && (await isFile(app.publicPath(path.slice(1) + ENDINGS[coding])))) {
      raw.url = path + ENDINGS[coding]
    }
    return next()
  }
}
