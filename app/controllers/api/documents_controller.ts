import { endpoints } from '#core/api'
import { appUrl } from '#config/app'
import { API_VERSION, openApiDocument } from '#services/openapi'

/** What the API says about itself, to anybody. */
export default class DocumentsController {
  index() {
    const paths = endpoints().map(({ route }) => route.toJSON().pattern)
    return {
      name: 'HashInsight',
      version: API_VERSION,
      openapi: new URL('/api/v1/openapi.json', appUrl).href,
      resources: [...new Set(paths)].sort(),
    }
  }

  show() {
    return openApiDocument()
  }
}
