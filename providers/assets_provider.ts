import ViteProvider from '@adonisjs/vite/vite_provider'

/** Vite, with its development server in development only: tests see the bundles that people get. */
export default class AssetsProvider extends ViteProvider {
  override async start() {
    if (process.env.DEV_MODE) await super.start()
  }
}
