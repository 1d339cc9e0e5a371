import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import app from '@adonisjs/core/services/app'
import { test } from '@japa/runner'

const FOLDERS = [
  'app',
  'plugins',
  'start',
  'config',
  'commands',
  'database',
  'providers',
  'edge-collector',
]
const FILES = [
  'package.json',
  'tsconfig.json',
  'eslint.config.js',
  '.dependency-cruiser.js',
  '.dependency-cruiser.resolve.cjs',
]

/** A copy of the code with the dependencies of the checkout, to plant violations in. */
async function copyOfTheHouse() {
  const root = await mkdtemp(join(tmpdir(), 'hashinsight-borders-'))
  for (const name of [...FOLDERS, ...FILES, 'resources/js']) {
    await cp(app.makePath(name), join(root, name), { recursive: true })
  }
  await symlink(app.makePath('node_modules'), join(root, 'node_modules'))
  return {
    root,
    plant: async (path: string, text: string) => {
      await mkdir(dirname(join(root, path)), { recursive: true })
      await writeFile(join(root, path), `${text}\n`)
    },
    remove: () => rm(root, { recursive: true, force: true }),
  }
}

/** Runs a tool of the checkout in a folder. */
async function run(root: string, tool: string, args: string[]) {
  const entry = app.makePath('node_modules', tool)
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
  const [code] = await once(child, 'close')
  return { code, output }
}

const cruise = (root: string) =>
  run(root, 'dependency-cruiser/bin/dependency-cruiser.mjs', [
    '--config',
    '.dependency-cruiser.js',
    ...FOLDERS,
  ])

const domain = 'plugins/calculator/domain/planted'
const IMPORTS: [rule: string, path: string, text: string][] = [
  ['only-the-list-knows-plugins', 'app/services/planted.ts', `import '#plugins/market/plugin'`],
  ['only-the-list-knows-plugins', 'start/planted.ts', `import '../plugins/market/api.js'`],
  ['core-stands-alone', 'app/core/planted.ts', `import '#services/registry'`],
  [
    'core-stands-alone',
    'app/core/planted2.ts',
    `export const late = () => import('#config/plugins')`,
  ],
  ['plugin-sees-only-core', 'plugins/market/planted.ts', `import '#services/registry'`],
  ['plugin-sees-only-core', 'plugins/market/planted2.ts', `import '../../config/app.js'`],
  [
    'plugin-sees-only-core',
    'plugins/market/planted3.ts',
    `import type { Shell } from '#services/shell'\nexport type A = Shell`,
  ],
  ['plugins-meet-in-api', 'plugins/calculator/planted.ts', `import '#plugins/market/plugin'`],
  [
    'plugins-meet-in-api',
    'plugins/calculator/planted2.ts',
    `export const late = () => import('../market/domain/scale.js')`,
  ],
  ['domain-is-pure', `${domain}1.ts`, `import 'luxon'`],
  ['domain-is-pure', `${domain}2.ts`, `import 'node:crypto'`],
  ['domain-is-pure', `${domain}3.ts`, `import '#core/current'`],
  ['imports-resolve', 'app/services/planted2.ts', `import '#services/nothing_here'`],
  [
    'no-cycles',
    'app/services/planted_a.ts',
    `import { b } from './planted_b.js'\nexport const a = () => b`,
  ],
]

const LINES: [rule: string, path: string, text: string][] = [
  [
    'no-restricted-syntax',
    'app/services/planted_1.ts',
    `export const f = () => {\n  throw new Error('x')\n}`,
  ],
  [
    'no-restricted-syntax',
    'plugins/market/planted_2.ts',
    `import x from './plugin.ts'\nexport default x`,
  ],
  [
    'no-restricted-syntax',
    'plugins/market/planted_3.ts',
    `export const f = () => import('./plugin.ts')`,
  ],
  [
    'no-restricted-globals',
    'app/services/planted_4.ts',
    `export const f = () => fetch('https://example.com')`,
  ],
  [
    'no-restricted-imports',
    'plugins/market/planted_5.ts',
    `import { get } from 'node:https'\nexport default get`,
  ],
  [
    'no-empty',
    'app/services/planted_6.ts',
    `export const f = () => {\n  try {\n    f()\n  } catch {}\n}`,
  ],
  [
    'max-params',
    'app/services/planted_7.ts',
    `export const f = (a: 1, b: 1, c: 1, d: 1, e: 1) => [a, b, c, d, e]`,
  ],
  [
    'complexity',
    'app/services/planted_8.ts',
    `export const f = (a: number) =>\n  ${Array.from({ length: 11 }, (_, i) => `a === ${i}`).join(' || ')}`,
  ],
  [
    'max-depth',
    'app/services/planted_9.ts',
    `export function f(a: number) {\n  if (a) if (a) if (a) if (a) return 1\n  return 2\n}`,
  ],
  [
    'max-lines-per-function',
    'app/services/planted_10.ts',
    `export function f() {\n${'  f()\n'.repeat(61)}}`,
  ],
  ['max-lines', 'app/services/planted_11.ts', 'export {}\n'.repeat(301)],
]

test.group('Borders', () => {
  test('are crossed by nobody, and a planted crossing of each is reported', async ({ assert }) => {
    const house = await copyOfTheHouse()
    try {
      const clean = await cruise(house.root)
      assert.equal(clean.code, 0, clean.output)
      for (const [, path, text] of IMPORTS) await house.plant(path, text)
      const back = `import { a } from './planted_a.js'\nexport const b = () => a`
      await house.plant('app/services/planted_b.ts', back)
      const { code, output } = await cruise(house.root)
      assert.notEqual(code, 0)
      const lines = output.split('\n')
      for (const [rule, path] of IMPORTS) {
        const isReported = lines.some((line) => line.includes(`${rule}: ${path}`))
        assert.isTrue(isReported, `${rule}: ${path}\n${output}`)
      }
    } finally {
      await house.remove()
    }
  }).timeout(60_000)

  test('of size and style are kept by ESLint: each planted line is reported', async ({
    assert,
  }) => {
    const house = await copyOfTheHouse()
    try {
      for (const [, path, text] of LINES) await house.plant(path, text)
      const paths = LINES.map(([, path]) => path)
      const { output } = await run(house.root, 'eslint/bin/eslint.js', ['-f', 'json', ...paths])
      const results = JSON.parse(output) as { filePath: string; messages: { ruleId: string }[] }[]
      for (const [rule, path] of LINES) {
        const found = results.find(({ filePath }) => filePath.endsWith(path))?.messages ?? []
        assert.include(
          found.map(({ ruleId }) => ruleId),
          rule,
          path
        )
      }
    } finally {
      await house.remove()
    }
  }).timeout(60_000)
})
