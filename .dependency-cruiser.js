const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

const CORE_OUTSIDE =
  '^app/(services|controllers|middleware|models|validators|exceptions|jobs|commands)/'
const PURE = 'app/core/(money|time|cases|(chain|maths)/\\w+)\\.ts'

/**
 * Who may import whom. docs/architecture.md says it in words; tests/unit/borders.spec.ts plants a
 * violation of each rule.
 * @type {import('dependency-cruiser').IConfiguration}
 */
export default {
  forbidden: [
    rule(
      'only-the-list-knows-plugins',
      'config/plugins.ts lists the plugins; nothing else of the application imports one.',
      {
        path: '^(app|start|config|database|commands|providers)/',
        pathNot: '^config/plugins\\.ts$',
      },
      { path: '^plugins/' }
    ),
    rule(
      'core-stands-alone',
      'app/core is the API for plugins: what it needs of the application comes through host.ts.',
      { path: '^app/core/', pathNot: '^app/core/core\\.ts$' },
      { path: `${CORE_OUTSIDE}|^(start|providers|database|commands)/|^config/plugins\\.ts$` }
    ),
    rule(
      'core-manifest-stands-alone',
      'The manifest of the core names its schedule, as that of a plugin does; nothing else.',
      { path: '^app/core/core\\.ts$' },
      {
        path: '^(app|start|providers|database|commands|config)/',
        pathNot: '^app/(core/|jobs/schedule\\.ts$)',
      }
    ),
    rule(
      'plugin-sees-only-core',
      'A plugin uses app/core and the generated schema, nothing else of the application.',
      { path: '^plugins/', pathNot: '/tests/' },
      {
        path: '^(app|start|config|database|commands|providers|tests|edge-collector)/',
        pathNot: '^(app/core/|database/schema\\.ts$|edge-collector/protocol/)',
      }
    ),
    rule(
      'plugins-meet-in-api',
      'Another plugin is reachable only through its api.ts; list it in dependsOn too.',
      { path: '^plugins/([^/]+)/' },
      { path: '^plugins/', pathNot: '^plugins/($1/|[^/]+/api\\.ts$)' }
    ),
    rule(
      'domain-is-pure',
      'Domain functions import their own folder and the pure helpers of the core: no package, no node.',
      { path: '^plugins/([^/]+)/domain/' },
      { pathNot: `^(plugins/$1/domain/|${PURE}$)` }
    ),
    rule(
      'edge-stands-alone',
      'The collector runs at the customer site; it imports nothing of the portal.',
      { path: '^edge-collector/' },
      { path: '^(app|plugins|start|config|database|commands|providers)/' }
    ),
    rule(
      'portal-speaks-the-protocol',
      'Of the collector the portal imports its protocol and nothing else.',
      { path: '^(app|plugins|start|config|database|commands|providers)/' },
      { path: '^edge-collector/', pathNot: '^edge-collector/protocol/' }
    ),
    rule(
      'imports-resolve',
      'An import that cannot be resolved is one that no other rule here can see.',
      { pathNot: '/tests/' },
      { couldNotResolve: true, path: '^[#.]', pathNot: '^#generated/' }
    ),
    rule(
      'no-cycles',
      'Lazy imports and types may point back; code may not.',
      {},
      {
        circular: true,
        viaOnly: { dependencyTypesNot: ['dynamic-import', 'type-only'] },
      }
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(build|tmp|\\.adonisjs)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    webpackConfig: { fileName: '.dependency-cruiser.resolve.cjs' },
  },
}
