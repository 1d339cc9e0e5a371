/** npm run build: the production build in build/. */
import { baseEnvironment, nowhereUrls } from './environment.mjs'
import { Plain } from './errors.mjs'
import { openHome } from './home.mjs'
import { print, say } from './log.mjs'
import { application, ROOT } from './paths.mjs'
import { runNode } from './processes.mjs'
import { generateIndexes } from './steps.mjs'

export default async function build(args) {
  const app = application(ROOT)
  const env = { ...(await baseEnvironment('build', await openHome())), ...nowhereUrls() }
  await generateIndexes(app, env)
  const { code } = await runNode(app.ace('build', ...args), { env, cwd: ROOT })
  if (code !== 0)
    throw new Plain(`The build failed (exit code ${code}; see the lines above).`, code)
  say('the production build is in build/')
  print('  Run it with: node scripts/run.mjs start-build')
  print('  (DATABASE_URL, PORT, HOST, APP_URL and PORTAL_HOME as for npm start)')
  return 0
}
