import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { args, BaseCommand } from '@adonisjs/core/ace'
import string from '@adonisjs/core/helpers/string'
import { format } from './make_plugin.js'

const STUBS = join(import.meta.dirname, 'stubs/driver')
const EDGE = 'edge-collector'
const REGISTRY = `${EDGE}/src/drivers/registry.ts`

const FILES: [stub: string, path: (name: string) => string][] = [
  ['index', (name) => `${EDGE}/src/drivers/${name}/index.ts`],
  ['read', (name) => `${EDGE}/src/drivers/${name}/read.ts`],
  ['spec', (name) => `${EDGE}/tests/driver_${name}.spec.ts`],
]

/** The files of a driver of this name, by their paths in the project. */
export async function driverFiles(name: string): Promise<{ path: string; text: string }[]> {
  return Promise.all(
    FILES.map(async ([stub, path]) => {
      const text = await readFile(join(STUBS, `${stub}.txt`), 'utf8')
      return {
        path: path(name),
        text: text
          .replaceAll('VARIABLE', string.camelCase(name))
          .replaceAll('LABEL', string.capitalCase(name))
          .replaceAll('NAME', name),
      }
    })
  )
}

/** Adds a driver to the list before the family of last resort. Throws when the list is not as known. */
export function registered(source: string, name: string): string {
  const variable = string.camelCase(name)
  const line = `import { ${variable} } from './${name}/index.js'\n`
  const last = [...source.matchAll(/^import \{ \w+ \} from '\.\/.*\/index\.js'\n/gm)].at(-1)
  const isKnown = last !== undefined && source.includes('  cgminer,\n]')
  if (!isKnown) throw new Error(`${REGISTRY} has another form: add ${variable} by hand`)
  const at = last.index + last[0].length
  return (source.slice(0, at) + line + source.slice(at)).replace(
    '  cgminer,\n]',
    `  ${variable},\n  cgminer,\n]`
  )
}

export default class MakeDriver extends BaseCommand {
  static commandName = 'make:driver'
  static description = 'Create a driver of the edge collector with a test that asks for a recording'

  @args.string({ description: 'Lower-case words joined by _, for example "acme_os"' })
  declare name: string

  async run() {
    const name = string.snakeCase(this.name)
    const refusal = this.refusal(name)
    if (refusal) {
      this.logger.error(refusal)
      this.exitCode = 1
      return
    }
    const files = await driverFiles(name)
    for (const { path, text } of files) {
      const file = this.app.makePath(path)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
      this.logger.action(`create ${path}`).succeeded()
    }
    const list = this.app.makePath(REGISTRY)
    await writeFile(list, registered(await readFile(list, 'utf8'), name))
    this.logger.action(`list ${name} in ${REGISTRY}`).succeeded()
    const paths = [...files.map(({ path }) => path), REGISTRY]
    if (!(await format(this.app.makePath(), paths))) this.exitCode = 1
    this.logger.info('next: docs/drivers.md')
  }

  private refusal(name: string) {
    if (!/^[a-z][a-z0-9_]{1,39}$/.test(name)) return `"${this.name}" is no name for a driver`
    const isThere = FILES.some(([, path]) => existsSync(this.app.makePath(path(name))))
    return isThere ? `The driver ${name} is there already` : null
  }
}
