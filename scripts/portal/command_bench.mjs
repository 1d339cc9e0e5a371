/**
 * npm run bench / prove -- <name>: on a throw-away database of a real (not volatile) cluster.
 * The last line of stdout is the bench's own JSON, so everything of ours goes to stderr.
 */
import fs from 'node:fs'
import path from 'node:path'
import { openThrowAway } from './databases.mjs'
import { testEnvironment } from './environment.mjs'
import { Plain } from './errors.mjs'
import { openHome } from './home.mjs'
import { print } from './log.mjs'
import { application, expand, ROOT } from './paths.mjs'
import { runNode } from './processes.mjs'
import { buildAssets, generateIndexes } from './steps.mjs'

export default async function bench(args, command) {
  const known = find(command)
  const [name, ...rest] = args
  if (!name) return list(command, known)
  const file = known.get(name.replace(/\.ts$/, '').replaceAll('-', '_'))
  if (!file) {
    const names = [...known.keys()].join(', ') || 'none yet'
    throw new Plain(`There is no ${command} "${name}"; there are: ${names}.`)
  }
  const app = application(ROOT)
  const home = await openHome()
  const env = await testEnvironment(command, home)
  await generateIndexes(app, env)
  await buildAssets(app, env)
  const database = await openThrowAway({ app, home, name: 'bench-pg', volatile: false, env })
  try {
    const options = { env: { ...env, ...database.urls }, cwd: ROOT, interactive: true, last: true }
    return (await runNode([...app.script(file), ...rest], options)).code
  } finally {
    await database.leave()
  }
}

function find(command) {
  const found = new Map()
  for (const folder of [...expand(ROOT, command), ...expand(ROOT, `plugins/*/${command}`)]) {
    for (const file of fs.readdirSync(path.join(ROOT, folder)).sort()) {
      const name = /^([a-z0-9_-]+)\.ts$/i.exec(file)?.[1]
      if (name && !found.has(name)) found.set(name, `${folder}/${file}`)
    }
  }
  return found
}

function list(command, known) {
  print(`npm run ${command} -- <name> [arguments]`)
  for (const [name, file] of known) print(`  ${name.padEnd(28)} ${file}`)
  if (known.size === 0) print('  (none yet)')
  return 0
}
