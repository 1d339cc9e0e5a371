/** npm test: checks, then the tests on a clone of a prepared template; the exit code is the truth. */
import fs from 'node:fs'
import path from 'node:path'
import { openThrowAway } from './databases.mjs'
import { testEnvironment } from './environment.mjs'
import { openHome } from './home.mjs'
import { throwIfEnded } from './life.mjs'
import { complain, say } from './log.mjs'
import { application, ROOT } from './paths.mjs'
import { run, runNode } from './processes.mjs'
import { buildAssets, generateIndexes } from './steps.mjs'

const CHECKS = [
  ['format', (scripts) => scripts['format:check']],
  ['lint', (scripts) => scripts.lint],
  ['type check', (scripts) => scripts.typecheck],
  ['start scripts', () => 'node --test tests/bootstrap_scripts/parts.test.mjs'],
]
const RESULTS = 'test-results.json'

export default async function test(args) {
  const app = application(ROOT)
  const home = await openHome()
  fs.rmSync(path.join(home, RESULTS), { force: true })
  const env = await testEnvironment('test', home)
  await generateIndexes(app, env, { forTypes: args.length === 0 })
  if (args.length === 0 && !(await runChecks(env))) return 1
  await timed('front end', () => buildAssets(app, env))
  return runTests({ app, home, env, args })
}

async function timed(name, fn) {
  const began = performance.now()
  const result = await fn()
  say(`${name}: ${result === false ? 'FAILED' : 'ok'} (${seconds(began)})`)
  return result
}

const seconds = (began) => `${((performance.now() - began) / 1000).toFixed(1)} s`

/** The scripts of package.json, side by side; only a failing one shows its output. */
async function runChecks(env) {
  const { scripts } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'))
  const check = async ([name, script]) => {
    let shown = ''
    const passed = await timed(name, async () => {
      const options = { env, cwd: ROOT, output: 'capture', shell: true }
      const { code, output } = await run(script(scripts), [], options)
      shown = output
      return code === 0
    })
    return { name, passed, shown }
  }
  const results = await Promise.all(CHECKS.map(check))
  throwIfEnded()
  const failed = results.filter((result) => !result.passed)
  for (const { name, shown } of failed) process.stderr.write(`\n--- ${name} ---\n${shown}\n`)
  if (failed.length > 0) complain(`failed: ${failed.map((result) => result.name).join(', ')}`)
  return failed.length === 0
}

/** Each run has its own data folder too, so that runs side by side do not share files. */
async function runTests({ app, home, env, args }) {
  const own = path.join(home, 'test-runs', String(process.pid))
  fs.rmSync(own, { recursive: true, force: true })
  fs.mkdirSync(own, { recursive: true, mode: 0o700 })
  const runEnv = { ...env, PORTAL_HOME: own }
  const options = { app, home, name: 'test-pg', volatile: true, env: runEnv }
  try {
    const database = await openThrowAway(options)
    try {
      const childEnv = { ...runEnv, ...database.urls }
      const began = performance.now()
      const command = [...app.entry('test'), ...args]
      const { code } = await runNode(command, {
        env: childEnv,
        cwd: ROOT,
        interactive: true,
        last: true,
      })
      say(`tests: ${code === 0 ? 'ok' : 'FAILED'} (${seconds(began)})`)
      return code
    } finally {
      await database.leave()
    }
  } finally {
    keepResults(own, home)
  }
}

function keepResults(own, home) {
  const results = path.join(own, RESULTS)
  if (fs.existsSync(results)) fs.copyFileSync(results, path.join(home, RESULTS))
  fs.rmSync(own, { recursive: true, force: true })
}
