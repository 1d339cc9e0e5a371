/** The packages: installed when the lock file changed since the last time, else left alone. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { diskFull, Plain, saysDiskFull } from './errors.mjs'
import { withMutex } from './locks.mjs'
import { complain, say } from './log.mjs'
import { onEnd, throwIfEnded } from './life.mjs'
import { checkoutTemp, MODULES, ROOT } from './paths.mjs'

const STAMP = path.join(MODULES, '.hashinsight-stamp')
const ARGS = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']

export async function installPackages() {
  const { text, lock } = readLockFile()
  const wanted = createHash('sha256')
    .update(text)
    .update(process.platform + process.arch)
    .digest('hex')
  if (readStamp() === wanted) return
  await withMutex(
    checkoutTemp('install.lock'),
    async () => {
      if (readStamp() === wanted) return
      if (!sameAsInstalled(lock)) {
        refuseLink()
        await npmCi()
      }
      fs.mkdirSync(MODULES, { recursive: true })
      fs.writeFileSync(STAMP, wanted)
    },
    { onWait: () => say('waiting for another process that installs the packages') }
  )
}

function readStamp() {
  try {
    return fs.readFileSync(STAMP, 'utf8')
  } catch {
    return null
  }
}

function readLockFile() {
  const file = path.join(ROOT, 'package-lock.json')
  if (!fs.existsSync(file)) {
    throw new Plain(
      'package-lock.json is missing: get it back with `git checkout package-lock.json`.'
    )
  }
  const text = fs.readFileSync(file, 'utf8')
  try {
    const lock = JSON.parse(text)
    if (lock.packages && lock.lockfileVersion) return { text, lock }
  } catch {
    // said below
  }
  throw new Plain(
    'package-lock.json is broken (not the JSON that npm writes): ' +
      'get it back with `git checkout package-lock.json`.'
  )
}

/**
 * npm keeps its own record of what it installed. When that equals the lock file (somebody ran
 * `npm ci` by hand) there is nothing to do, and deleting node_modules would only hurt.
 */
function sameAsInstalled(lock) {
  let installed
  try {
    const text = fs.readFileSync(path.join(MODULES, '.package-lock.json'), 'utf8')
    installed = JSON.parse(text).packages
  } catch {
    return false
  }
  const names = Object.keys(lock.packages).filter((name) => name !== '')
  const known = new Set(names)
  const equal = names.every((name) => {
    const want = lock.packages[name]
    const have = installed[name]
    return have ? have.version === want.version : Boolean(want.optional || want.peer)
  })
  return equal && Object.keys(installed).every((name) => known.has(name))
}

/** npm ci empties node_modules, and through a link it would empty somebody else's. */
function refuseLink() {
  if (!fs.lstatSync(MODULES, { throwIfNoEntry: false })?.isSymbolicLink()) return
  throw new Plain(
    `node_modules is a link to ${fs.readlinkSync(MODULES)}, which does not fit ` +
      'package-lock.json: remove the link and start again.'
  )
}

async function npmCi() {
  say('installing the packages (npm ci, about a minute the first time)')
  const { code, output } = await runNpm()
  throwIfEnded()
  if (code === 0) return say('packages installed')
  const log = checkoutTemp('npm-ci.log')
  if (saysDiskFull(output)) throw diskFull(ROOT)
  fs.writeFileSync(log, output)
  complain(output.trim().split('\n').slice(-12).join('\n'))
  throw new Plain(`npm ci failed: ${reason(output)} (its output is in ${log}).`)
}

function reason(output) {
  if (/can only install packages when your package\.json and package-lock|Missing: /.test(output)) {
    return 'package-lock.json does not fit package.json'
  }
  if (/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|network/i.test(output)) {
    return 'the package registry cannot be reached'
  }
  if (/EINTEGRITY/.test(output)) return 'a downloaded package does not have the recorded checksum'
  if (/spawn npm ENOENT/.test(output)) return 'there is no npm on this machine'
  return 'see the lines above'
}

/** The npm that started us when there is one, because PATH may hold none or another. */
function runNpm() {
  const own = process.env.npm_execpath
  const viaNode = own && /npm-cli\.c?js$/.test(own)
  const [command, args] = viaNode ? [process.execPath, [own, ...ARGS]] : ['npm', [...ARGS]]
  // NODE_ENV=production would leave out what builds the front end.
  args.push('--include=dev', '--include=optional')
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32' && !viaNode,
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text))
    const off = onEnd(() => child.kill('SIGTERM'))
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => {
      off()
      resolve({ code: code ?? 1, output })
    })
  })
}
