import type { ApplicationService } from '@adonisjs/core/types'

/** Helpers that every view may use. */
export default class ViewProvider {
  constructor(protected app: ApplicationService) {}

  async boot() {
    const { default: edge } = await import('edge.js')
    const { viewHelpers } = await import('#services/view_helpers')
    const { escapedAttributes } = await import('#services/view/attributes')
    for (const [name, helper] of Object.entries(viewHelpers)) edge.global(name, helper)
    if (this.app.inProduction) {
      const { keepPartials } = await import('#services/view/partials')
      keepPartials(edge)
    }
    const { html } = edge.globals
    edge.global('html', { ...html, attrs: escapedAttributes(html.attrs, html.escape) })
  }
}
