import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fingerprintWords, rawPublicKey } from '../../protocol/signing.js'
import { systemTime } from '../poll/time.js'
import { PortalClient } from '../portal/client.js'
import { ConfigStore, openConfig } from '../portal/config.js'
import { type Identity, loadIdentity } from '../portal/identity.js'
import { Refusal } from '../portal/refusal.js'
import { createTransport, PortalUnreachable } from '../portal/transport.js'
import { type Command, EXIT } from './command.js'
import { askRunning } from './running.js'
import { loadSettings } from './settings.js'
import { Site } from './site.js'
import { noWords, refusing, STATE_HELP, STATE_OPTION, stateFolder } from './state_folder.js'

/** Looks for what keeps a collector from working. Changes nothing. */
export const doctor: Command = {
  name: 'doctor',
  usage: '[--state DIR]',
  summary: 'look for what keeps this collector from working',
  options: STATE_OPTION,
  help: `${STATE_HELP}

  Exit code 1 when something has to be put right.`,
  run: refusing(async (given, { out }) => {
    noWords(given)
    const folder = stateFolder(given)
    let isWell = true
    const checks = [
      versionCheck,
      filesCheck,
      limitCheck,
      diskCheck,
      siteCheck,
      portalCheck,
      runCheck,
    ]
    for (const check of checks) {
      const { name, trouble, note } = await check(folder)
      isWell &&= trouble === null
      out(`${trouble === null ? 'ok  ' : 'BAD '} ${name}: ${trouble ?? note}`)
    }
    return isWell ? EXIT.done : EXIT.failed
  }),
}

interface Finding {
  name: string
  trouble: string | null
  note: string
}

const found = (name: string, trouble: string | null, note = 'as it should be'): Finding => ({
  name,
  trouble,
  note,
})

function versionCheck(): Finding {
  const isNew = Number(process.versions.node.split('.')[0]) >= 24
  return found('Node', isNew ? null : 'version 24 or newer is needed', process.version)
}

/** What runs may only write its data, and start nothing. */
async function runCheck(folder: string): Promise<Finding> {
  const now = await askRunning(folder)
  if (!now) return found('running', null, 'not now')
  const trouble = now.isConfined === true ? null : 'it runs without the permission model of Node'
  return found('running', trouble, `version ${String(now.version)}, confined`)
}

/** Others on this machine must not read keys and passwords. */
function filesCheck(folder: string): Finding {
  if (process.platform === 'win32') return found('files', null, 'not checked on Windows')
  const paths = [folder, ...readdirSync(folder).map((name) => join(folder, name))]
  const open = paths.filter((path) => (statSync(path).mode & 0o077) !== 0)
  const trouble = `others may read ${open.join(', ')}; use chmod go-rwx`
  return found('files', open.length > 0 ? trouble : null)
}

const NEEDED_FILES = 4096

function limitCheck(): Finding {
  if (process.platform !== 'linux') return found('open files', null, 'not checked here')
  const limits = readFileSync('/proc/self/limits', 'utf8')
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1] ?? '0'
  const isEnough = soft === 'unlimited' || Number(soft) >= NEEDED_FILES
  return found(
    'open files',
    isEnough ? null : `${soft} are few; use ulimit -n ${NEEDED_FILES}`,
    soft
  )
}

const MEGABYTE = 1024 * 1024

function diskCheck(folder: string): Finding {
  const { queueMegabytes } = loadSettings(folder)
  const { bavail, bsize } = statfsSync(folder)
  const queue = join(folder, 'queue.db')
  const used = existsSync(queue) ? statSync(queue).size : 0
  const free = Math.floor((bavail * bsize + used) / MEGABYTE)
  const trouble = `${free} MB are free, the queue may take ${queueMegabytes} MB`
  return found('disk', free < queueMegabytes ? trouble : null, `${free} MB are free`)
}

function siteCheck(folder: string): Finding {
  const identity = loadIdentity(folder)
  if (!identity) return found('ranges', 'not enrolled')
  const configs = new ConfigStore(folder, identity)
  if (configs.damage) return found('ranges', configs.damage)
  const { ranges } = Site.of(configs.config, loadSettings(folder))
  const names = ranges.map(({ addresses }) => addresses).join(', ')
  return found('ranges', null, names || 'none yet; add one in the portal')
}

async function portalCheck(folder: string): Promise<Finding> {
  const identity = loadIdentity(folder)
  if (!identity) return found('portal', 'not enrolled')
  const transport = createTransport(new URL(identity.portal))
  try {
    const client = new PortalClient(identity, transport, systemTime)
    const answer = await client.get('config', { timeoutMs: 10_000 })
    if (answer.status !== 200) {
      return found('portal', `answers ${answer.status} ${answer.code ?? ''}`)
    }
    openConfig(answer.body, identity)
    return found('portal', null, noteOf(identity, client.offsetMs()))
  } catch (error) {
    if (error instanceof PortalUnreachable || error instanceof Refusal) {
      return found('portal', `${identity.portal}: ${error.message}`)
    }
    throw error
  } finally {
    transport.close()
  }
}

const noteOf = ({ portal, key }: Identity, offsetMs: number | null) =>
  `${portal}, clock ${offsetMs ?? '?'} ms apart, key ${fingerprintWords(rawPublicKey(key))}`
