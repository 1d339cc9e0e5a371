import { readFile } from 'node:fs/promises'
import { args, BaseCommand, flags } from '@adonisjs/core/ace'
import { type CaseHandler, type ReferenceCase, verifyCases } from '#core/cases'
import { installed } from '#services/registry'

/** Lets anybody check our arithmetic with cases of their own. */
export default class VerifyCases extends BaseCommand {
  static commandName = 'verify:cases'
  static description = 'Run reference cases through the very functions that the product uses'

  @args.spread({
    description: 'Files of cases: { "cases": [{ id, kind, inputs, expected, tol }] }',
  })
  declare files: string[]

  @flags.boolean({ description: 'Answer as JSON' })
  declare json: boolean

  async run() {
    const cases = (await Promise.all(this.files.map((file) => this.read(file)))).flat()
    const report = verifyCases(cases, await caseHandlers())
    if (this.json) console.log(JSON.stringify(report))
    else this.print(report)
    if (report.failed.length > 0) this.exitCode = 1
  }

  private async read(file: string): Promise<ReferenceCase[]> {
    const content = JSON.parse(await readFile(file, 'utf8'))
    const cases = Array.isArray(content) ? content : content.cases
    if (!Array.isArray(cases)) throw new TypeError(`${file} holds no "cases"`)
    return cases
  }

  private print({ passed, failed, unsupported }: ReturnType<typeof verifyCases>) {
    for (const { id, kind, error, mismatches } of failed) {
      this.logger.error(`${id} (${kind}) ${error ?? ''}`)
      for (const { path, expected, actual } of mismatches) {
        this.logger.log(`  ${path}: expected ${String(expected)}, got ${String(actual)}`)
      }
    }
    if (unsupported.length > 0) this.logger.warning(`nobody answers: ${unsupported.join(', ')}`)
    this.logger.info(`${passed} passed, ${failed.length} failed`)
  }
}

/** The handlers of every plugin, by kind; two plugins may not answer the same kind. */
export async function caseHandlers(): Promise<Record<string, CaseHandler>> {
  const handlers: Record<string, CaseHandler> = {}
  for (const plugin of installed) {
    const own = (await plugin.cases?.())?.default ?? {}
    for (const [kind, handler] of Object.entries(own)) {
      if (handlers[kind]) throw new TypeError(`two plugins answer cases of kind ${kind}`)
      handlers[kind] = handler
    }
  }
  return handlers
}
