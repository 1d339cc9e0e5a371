import { existsSync } from 'node:fs'
import app from '@adonisjs/core/services/app'
import { defineConfig, formatters, loaders } from '@adonisjs/i18n'
import plugins from '#config/plugins'

const folders = [app.languageFilesPath(), ...plugins.map(({ path }) => app.makePath(path('lang')))]

export default defineConfig({
  defaultLocale: 'en',
  supportedLocales: ['en', 'zh'],
  fallbackLocales: { zh: 'en' },
  formatter: formatters.icu(),
  loaders: folders
    .filter((folder) => existsSync(folder))
    .map((location) => loaders.fs({ location })),
})
