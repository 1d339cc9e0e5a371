/** What must be done before the application can run, each skipped while nothing changed. */
import fs from 'node:fs'
import path from 'node:path'
import { nowhereUrls } from './environment.mjs'
import { diskFull, Plain } from './errors.mjs'
import { recordVersion } from './home.mjs'
import { withMutex } from './locks.mjs'
import { print, say, stepOutput } from './log.mjs'
import { checkoutTemp, MODULES, ROOT } from './paths.mjs'
import { runNode } from './processes.mjs'
import { assetsStamp, migrationsStamp, prepareStamp, routesStamp } from './stamps.mjs'

const MANIFEST = 'public/assets/.vite/manifest.json'

/** A step that failed on a full disk says so, whatever its own last words were. */
function requireSpace(folder) {
  const disk = fs.statfsSync(folder)
  if (disk.bavail * disk.bsize < 5 * 1024 * 1024) throw diskFull(folder)
}

/**
 * The generated files in .adonisjs: types of the routes (the type check wants them) and, when
 * adonisrc.ts asks for them, indexes that the application imports when it runs.
 */
export async function generateIndexes(app, env, { forTypes = false } = {}) {
  if (app.built || !(forTypes || importsIndexes(app.root))) return
  const stampFile = path.join(app.root, '.adonisjs', '.hashinsight-stamp')
  const stamp = routesStamp(app.root)
  const fresh = () => fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp
  if (fresh()) return
  await withMutex(checkoutTemp('codegen.lock'), async () => {
    if (fresh()) return
    // Route types need the routes, not the data: no database is asked.
    const options = { env: { ...nowhereUrls(), ...env }, cwd: app.root, output: 'capture' }
    const { code, output } = await runNode(app.ace('codegen'), options)
    if (code !== 0) failed('The generated indexes could not be made', code, output)
    fs.mkdirSync(path.dirname(stampFile), { recursive: true })
    fs.writeFileSync(stampFile, stamp)
    say('indexes generated')
  })
}

const importsIndexes = (root) =>
  /\bindex(Entities|Policies)\(/.test(fs.readFileSync(path.join(root, 'adonisrc.ts'), 'utf8'))

function failed(what, code, output) {
  if (output) process.stderr.write(output)
  requireSpace(ROOT)
  throw new Plain(`${what} (exit code ${code}; see the lines above).`)
}

/** Migrations and seeds, by the application itself, as the owner of the database. */
export async function prepareDatabase({ app, env, home, stamps, always = false }) {
  if (!env.DATABASE_OWNER_URL) {
    return say('DATABASE_OWNER_URL is not set: the database is taken as already prepared')
  }
  const stamp = prepareStamp(app.root, env.DEMO, env.DATABASE_OWNER_URL.replace(/:\d+\//, '/'))
  if (!always && stamps.get('prepare') === stamp) return
  await withMutex(path.join(home, 'prepare.lock'), async () => {
    if (!always && stamps.get('prepare') === stamp) return
    await runPrepare(app, env)
    recordVersion(home)
    stamps.set('prepare', stamp)
    stamps.set('migrations', migrationsStamp(app.root))
  })
}

export async function runPrepare(app, env, ...flags) {
  say('preparing the database')
  const options = { env, cwd: app.root, output: stepOutput() }
  const { code } = await runNode(app.ace('portal:prepare', ...flags), options)
  if (code === 0) return say('database prepared')
  requireSpace(env.PORTAL_HOME)
  throw new Plain(`The database could not be prepared (exit code ${code}; see the lines above).`)
}

/** The front end. The stamp lies beside the files so that deleting them deletes it too. */
export async function buildAssets(app, env) {
  if (app.built || !fs.existsSync(path.join(app.root, 'vite.config.ts'))) return
  const file = path.join(app.root, 'public/assets/.hashinsight-stamp')
  const stamp = assetsStamp(app.root)
  const fresh = () =>
    fs.existsSync(path.join(app.root, MANIFEST)) &&
    fs.existsSync(file) &&
    fs.readFileSync(file, 'utf8') === stamp
  if (fresh()) return
  await withMutex(checkoutTemp('assets.lock'), async () => {
    if (fresh()) return
    fs.rmSync(file, { force: true })
    const vite = path.join(MODULES, 'vite/bin/vite.js')
    const options = { env: { ...env, NODE_ENV: 'production' }, cwd: app.root, output: 'capture' }
    const { code, output } = await runNode([vite, 'build', '--logLevel=error'], options)
    if (code !== 0) failed('The front end could not be built', code, output)
    fs.mkdirSync(path.dirname(file), { recursive: true })
    fs.writeFileSync(file, stamp)
    say('front end built')
    if (output.trim()) print(output.trimEnd())
  })
}
