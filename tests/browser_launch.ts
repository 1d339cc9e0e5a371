import { spawnSync } from 'node:child_process'
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress } from 'node:zlib'

const require = createRequire(import.meta.url)
const SYSTEM = [process.env.BROWSER_PATH, '/usr/bin/chromium', '/usr/bin/google-chrome']
const ARGS = [
  '--no-sandbox',
  '--disable-setuid-sandbox',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--font-render-hinting=none',
]

/** How to start a browser: one of the system if there is one, else the one that npm brought. */
export async function browserLaunch() {
  const system = SYSTEM.find((path) => path && existsSync(path))
  if (system) return { executablePath: system, args: ARGS, headless: true }
  const { executablePath, env } = await bundledChromium()
  const args = [...ARGS, '--headless=shell']
  return {
    executablePath,
    args,
    headless: true,
    env: { ...process.env, ...env } as Record<string, string>,
  }
}

function packageRoot() {
  let folder = dirname(require.resolve('@sparticuz/chromium'))
  while (!existsSync(join(folder, 'bin', 'chromium.br'))) folder = resolve(folder, '..')
  return folder
}

/** Unpacks the Chromium of the npm package once: its own unpacking shares /tmp and weakens security. */
async function bundledChromium() {
  const root = packageRoot()
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const folder = join(tmpdir(), `hashinsight-chromium-${version}-${process.getuid?.() ?? 0}`)
  if (!existsSync(join(folder, '.ok'))) await unpack(join(root, 'bin'), folder)
  return {
    executablePath: join(folder, 'chromium'),
    env: { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_PATH: join(folder, 'etc') },
  }
}

const inflate = (from: string, to: string, mode?: number) =>
  pipeline(createReadStream(from), createBrotliDecompress(), createWriteStream(to, { mode }))

async function unpack(source: string, folder: string) {
  const draft = `${folder}.${process.pid}`
  mkdirSync(draft, { recursive: true })
  await inflate(join(source, 'chromium.br'), join(draft, 'chromium'), 0o755)
  for (const name of ['al2023', 'fonts', 'swiftshader']) {
    // Through a file: tar closes its input at the end mark, which breaks a stream now and then.
    const archive = join(draft, `${name}.tar`)
    await inflate(join(source, `${name}.tar.br`), archive)
    const { status, stderr } = spawnSync('tar', [
      '-x',
      '--no-same-owner',
      '-f',
      archive,
      '-C',
      draft,
    ])
    if (status !== 0) throw new Error(`tar ${name}: ${stderr}`)
    rmSync(archive)
  }
  writeFonts(draft, folder)
  writeFileSync(join(draft, '.ok'), '')
  try {
    renameSync(draft, folder)
  } catch {
    // Another test run was faster; its copy is as good.
    rmSync(draft, { recursive: true, force: true })
  }
}

function writeFonts(draft: string, folder: string) {
  const folders = [join(folder, 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts']
  mkdirSync(join(draft, 'etc'))
  writeFileSync(
    join(draft, 'etc/fonts.conf'),
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>${folders
      .map((path) => `<dir>${path}</dir>`)
      .join('')}<cachedir>${join(folder, 'fontcache')}</cachedir></fontconfig>`
  )
}
