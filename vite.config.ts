import fs from 'node:fs'
import path from 'node:path'
import { defineConfig } from 'vite'
import adonisjs from '@adonisjs/vite/client'

/* A plugin brings its own browser code as plugins/<name>/assets/main.js; its views load it with @vite(). */
const root = import.meta.dirname
const plugins = fs.existsSync(path.join(root, 'plugins'))
  ? fs.readdirSync(path.join(root, 'plugins'))
  : []
const pluginEntries = plugins
  .map((name) => `plugins/${name}/assets/main.js`)
  .filter((file) => fs.existsSync(path.join(root, file)))

export default defineConfig({
  plugins: [
    adonisjs({
      entryPoints: [
        'resources/css/app.css',
        'resources/css/cjk.css',
        'resources/js/app.js',
        ...pluginEntries,
      ],
      reload: ['resources/views/**/*.edge', 'plugins/*/views/**/*.edge'],
    }),
  ],
  build: {
    // No preload links: under 'strict-dynamic' only the nonce'd entry may start scripts, its imports follow from it.
    modulePreload: false,
    // Fonts stay files (font-src 'self' allows no data:).
    assetsInlineLimit: 0,
    // The chart chunk is ApexCharts itself, fetched only by pages with a chart.
    chunkSizeWarningLimit: 700,
  },
  server: { watch: { ignored: ['**/.data/**', '**/tmp/**'] } },
})
