import { defineConfig } from '@adonisjs/core/app'

export default defineConfig({
  commands: [
    () => import('@adonisjs/core/commands'),
    () => import('@adonisjs/lucid/commands'),
    () => import('#services/plugin_commands'),
  ],
  providers: [
    () => import('@adonisjs/core/providers/app_provider'),
    () => import('@adonisjs/core/providers/hash_provider'),
    { file: () => import('@adonisjs/core/providers/repl_provider'), environment: ['repl', 'test'] },
    () => import('@adonisjs/core/providers/vinejs_provider'),
    () => import('@adonisjs/core/providers/edge_provider'),
    () => import('@adonisjs/lucid/database_provider'),
    () => import('@adonisjs/session/session_provider'),
    () => import('@adonisjs/shield/shield_provider'),
    () => import('@adonisjs/auth/auth_provider'),
    () => import('@adonisjs/static/static_provider'),
    () => import('@adonisjs/i18n/i18n_provider'),
    () => import('@adonisjs/limiter/limiter_provider'),
    () => import('@adonisjs/mail/mail_provider'),
    () => import('#providers/assets_provider'),
    () => import('#providers/host_provider'),
    () => import('#providers/view_provider'),
  ],
  preloads: [
    () => import('#start/kernel'),
    { file: () => import('#start/routes'), environment: ['web', 'test', 'console'] },
    { file: () => import('#start/plugins'), environment: ['web', 'test', 'console'] },
  ],
  tests: {
    suites: [
      {
        name: 'unit',
        files: [
          'tests/unit/**/*.spec.ts',
          'plugins/*/tests/unit/**/*.spec.ts',
          'edge-collector/tests/**/*.spec.ts',
        ],
        timeout: 30_000,
      },
      {
        name: 'functional',
        files: ['tests/functional/**/*.spec.ts', 'plugins/*/tests/functional/**/*.spec.ts'],
        timeout: 60_000,
      },
      {
        name: 'browser',
        files: ['tests/browser/**/*.spec.ts', 'plugins/*/tests/browser/**/*.spec.ts'],
        timeout: 300_000,
      },
    ],
    forceExit: false,
  },
  metaFiles: [
    { pattern: 'resources/views/**/*.edge', reloadServer: false },
    { pattern: 'resources/lang/**/*.json', reloadServer: false },
    { pattern: 'plugins/*/views/**/*.edge', reloadServer: false },
    { pattern: 'plugins/*/lang/**/*.json', reloadServer: false },
    { pattern: 'plugins/*/data/**', reloadServer: false },
    { pattern: 'plugins/*/README.md', reloadServer: false },
    { pattern: 'edge-collector/{package.json,README.md}', reloadServer: false },
    { pattern: 'commands/stubs/**', reloadServer: false },
    { pattern: 'database/gate.sql', reloadServer: false },
    { pattern: 'scripts/**', reloadServer: false },
    { pattern: 'public/**', reloadServer: false },
  ],
  hooks: {
    buildStarting: [() => import('@adonisjs/vite/build_hook')],
  },
})
