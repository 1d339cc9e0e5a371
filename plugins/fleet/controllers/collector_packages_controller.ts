import type { HttpContext } from '@adonisjs/core/http'
import { collectorPackage } from '../services/collector_package.js'

/** The collector for whoever wants to read it before they run it. It holds no secret. */
export default class CollectorPackagesController {
  async show({ response }: HttpContext) {
    const { tarball, sha256 } = await collectorPackage()
    response.header('Content-Type', 'application/gzip')
    response.header('ETag', `"${sha256}"`)
    return response.send(tarball)
  }

  async sum({ response }: HttpContext) {
    const { sha256 } = await collectorPackage()
    response.header('Content-Type', 'text/plain; charset=utf-8')
    return response.send(`${sha256}  collector.tgz\n`)
  }
}
