import { configApp } from '@adonisjs/eslint-config'

/** Blank lines and comments are not counted. When a limit hurts, name the missing concept. */
const counted = { skipBlankLines: true, skipComments: true }
const SIZE = {
  'max-lines': ['error', { max: 300, ...counted }],
  'max-lines-per-function': ['error', { max: 60, ...counted }],
}
const SHAPE = {
  'max-depth': ['error', 3],
  'max-params': ['error', 4],
  'complexity': ['error', 10],
  'no-empty': ['error', { allowEmptyCatch: false }],
  // Braces are prettier's and the writer's: a statement of one line needs none.
  'curly': 'off',
}

const forbid = (selector, message) => ({ selector, message })

const EXTENSION = [
  'ImportDeclaration',
  'ExportNamedDeclaration',
  'ExportAllDeclaration',
  'ImportExpression',
].map((node) =>
  forbid(
    `${node}[source.value=/^\\.{1,2}\\/.*\\.ts$/]`,
    'Write .js: TypeScript does not rewrite .ts everywhere, and only the build would fail.'
  )
)

const BARE_ERROR = forbid(
  'ThrowStatement > NewExpression[callee.name="Error"]',
  'A refusal is defineError() with a code; what cannot happen is assert().'
)

const CODE = [
  'app/**/*.ts',
  'plugins/**/*.ts',
  'providers/**/*.ts',
  'start/**/*.ts',
  'config/**/*.ts',
]
const TESTS = ['tests/**', 'plugins/*/tests/**', 'edge-collector/tests/**']
const GENERATED = ['database/migrations/**', 'plugins/*/migrations/**', 'database/schema.ts']

const OUTSIDE =
  'The outside world is asked through app/services/safe_fetch.ts, which knows whom it may ask.'

export default configApp(
  { ignores: ['tmp/**', '.data/**', 'public/**', 'node_modules/**', '.adonisjs/**'] },
  {
    name: 'limits',
    files: ['**/*.{ts,js,mjs}'],
    rules: { ...SIZE, ...SHAPE },
  },
  {
    name: 'house rules',
    files: ['**/*.ts'],
    rules: {
      // npm run format:check says it once; in the editor prettier does.
      'prettier/prettier': 'off',
      '@stylistic/max-len': 'off',
      '@unicorn/no-await-expression-member': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      'no-restricted-syntax': ['error', ...EXTENSION],
      // Columns of the database and error codes are named by others.
      '@typescript-eslint/naming-convention': [
        'error',
        {
          selector: 'variable',
          format: ['camelCase', 'UPPER_CASE', 'PascalCase'],
          leadingUnderscore: 'allow',
          filter: { regex: '^(E_|[a-z]+(_[a-z]+)+$)', match: false },
        },
        { selector: 'typeLike', format: ['PascalCase'] },
      ],
    },
  },
  {
    name: 'product code',
    files: CODE,
    ignores: TESTS,
    rules: {
      'no-restricted-syntax': ['error', ...EXTENSION, BARE_ERROR],
      'no-restricted-globals': ['error', { name: 'fetch', message: OUTSIDE }],
      'no-restricted-imports': [
        'error',
        {
          paths: ['node:http', 'node:https', 'undici'].map((name) => ({
            name,
            message: OUTSIDE,
            allowTypeImports: true,
          })),
        },
      ],
    },
  },
  {
    name: 'the one door to the outside',
    files: ['app/services/safe_fetch*.ts', 'app/services/safe_fetch/**/*.ts'],
    rules: { 'no-restricted-globals': 'off', 'no-restricted-imports': 'off' },
  },
  {
    name: 'no size for what grows by cases, is written once or is generated',
    files: [...TESTS, ...GENERATED],
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  {
    name: 'any where types come from outside',
    files: [...TESTS, 'database/schema.ts', '**/*.d.ts'],
    rules: { '@typescript-eslint/no-explicit-any': 'off' },
  }
)
