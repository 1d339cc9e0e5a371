import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, gzip } from 'node:zlib'
import { defineConfig, type Plugin } from 'vite'
import adonisjs from '@adonisjs/vite/client'

/* A plugin brings its own browser code as plugins/<name>/assets/main.js; its views load it with @vite(). */
const root = import.meta.dirname
const plugins = fs.existsSync(path.join(root, 'plugins'))
  ? fs.readdirSync(path.join(root, 'plugins'))
  : []
const pluginEntries = plugins
  .map((name) => `plugins/${name}/assets/main.js`)
  .filter((file) => fs.existsSync(path.join(root, file)))

/** Packs each bundle once, as hard as it goes, beside itself: the server only picks a file. */
const packed = (): Plugin => ({
  name: 'packed',
  apply: 'build',
  async writeBundle({ dir = '' }, bundle) {
    const texts = Object.keys(bundle).filter((name) => /\.(js|css)$/.test(name))
    const pack = async (name: string) => {
      const file = path.join(dir, name)
      const body = await fs.promises.readFile(file)
      await fs.promises.writeFile(`${file}.br`, await promisify(brotliCompress)(body))
      await fs.promises.writeFile(`${file}.gz`, await promisify(gzip)(body, { level: 9 }))
    }
    await Promise.all(texts.map(pack))
  },
})

export default defineConfig({
  plugins: [
    packed(),
    adonisjs({
      entryPoints: [
        'resources/css/app.css',
        'resources/css/cjk.css',
        'resources/css/landing.css',
        'resources/js/app.js',
        'resources/js/landing.js',
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
