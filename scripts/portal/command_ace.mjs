/** npm run ace -- <command>: works on a fresh checkout and beside a running portal. */
import { openDatabase } from './databases.mjs'
import { baseEnvironment, nowhereUrls } from './environment.mjs'
import { openHome } from './home.mjs'
import { application, ROOT } from './paths.mjs'
import { runNode } from './processes.mjs'
import { stampsOf } from './stamps.mjs'
import { generateIndexes, prepareDatabase } from './steps.mjs'

const NO_DATABASE = /^(make:|list$|help$|codegen$|build$|add$|configure$|eject$|inspect:|generate:)/
const NO_PREPARE = /^(portal:prepare$|migration:|backup:restore$)/

export default async function ace(args) {
  const app = application(ROOT)
  const home = await openHome()
  const env = await baseEnvironment('ace', home)
  // Programs read our stdout, and that is where the application's logger writes too.
  if (!process.env.LOG_LEVEL) env.LOG_LEVEL = 'error'
  const name = args.find((word) => !word.startsWith('-')) ?? 'list'
  const run = (extra) =>
    runNode(app.ace(...args), {
      env: { ...env, ...extra },
      cwd: ROOT,
      interactive: true,
      last: true,
    })
  if (NO_DATABASE.test(name) || args.includes('--help') || args.includes('-h')) {
    return (await run(nowhereUrls())).code
  }
  const database = await openDatabase(home, env)
  try {
    const full = { ...env, ...database.urls }
    await generateIndexes(app, full)
    if (!NO_PREPARE.test(name)) {
      await prepareDatabase({ app, env: full, home, stamps: stampsOf(home) })
    }
    return (await run(database.urls)).code
  } finally {
    await database.leave()
  }
}
