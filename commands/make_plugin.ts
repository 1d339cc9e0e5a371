import { readFile, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { args, BaseCommand } from '@adonisjs/core/ace'
import string from '@adonisjs/core/helpers/string'

const STUBS = join(import.meta.dirname, 'stubs')
const FILES = [
  'readme',
  'plugin',
  'routes',
  'controller',
  'domain',
  'view',
  'lang_en',
  'lang_zh',
  'unit_test',
  'functional_test',
]
const LIST = 'config/plugins.ts'

/** Adds the plugin to the list, after those that are there: it may depend on them. */
export function listed(source: string, name: string) {
  const variable = string.camelCase(name)
  const line = `import ${variable} from '#plugins/${name}/plugin'\n`
  const imports = [...source.matchAll(/^import \w+ from '#plugins\/.*\n/gm)]
  const last = imports.at(-1)
  const at = last ? last.index + last[0].length : source.indexOf('\n') + 1
  return (source.slice(0, at) + line + source.slice(at)).replace(
    /(const plugins: Plugin\[\] = \[)([^\]]*?),?(\s*\])/,
    (_, head: string, names: string, tail: string) =>
      `${head}${names}${names.trim() ? ', ' : ''}${variable}${tail}`
  )
}

/** Formats what was generated; false: it could not. */
export async function format(root: string, paths: readonly string[]): Promise<boolean> {
  const entry = join(root, 'node_modules/prettier/bin/prettier.cjs')
  const child = spawn(process.execPath, [entry, '--write', '--log-level=warn', ...paths], {
    cwd: root,
    stdio: 'inherit',
  })
  const [code] = await once(child, 'close')
  return code === 0
}

export default class MakePlugin extends BaseCommand {
  static commandName = 'make:plugin'
  static description = 'Create a plugin that runs, and list it in config/plugins.ts'

  @args.string({ description: 'Lower-case words joined by _, for example "treasury"' })
  declare name: string

  async run() {
    const name = string.snakeCase(this.name)
    const refusal = this.refusal(name)
    if (refusal) {
      this.logger.error(refusal)
      this.exitCode = 1
      return
    }
    const codemods = await this.createCodemods()
    for (const file of FILES) {
      await codemods.makeUsingStub(STUBS, `plugin/${file}.stub`, {
        name,
        title: string.sentenceCase(name),
        // The engine cannot write its own marks, nor a backtick.
        open: '{{',
        close: '}}',
        tick: '`',
      })
    }
    const list = this.app.makePath(LIST)
    await writeFile(list, listed(await readFile(list, 'utf8'), name))
    this.logger.action(`list ${name} in ${LIST}`).succeeded()
    if (!(await format(this.app.makePath(), [`plugins/${name}`, LIST]))) this.exitCode = 1
  }

  private refusal(name: string) {
    if (!/^[a-z][a-z0-9_]{1,30}$/.test(name)) return `"${this.name}" is no name for a plugin`
    if (existsSync(this.app.makePath('plugins', name))) return `The plugin ${name} is there already`
    return name === 'core' ? 'The core is no plugin' : null
  }
}
