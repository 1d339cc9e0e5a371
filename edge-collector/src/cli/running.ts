import { rmSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { text as textOf } from 'node:stream/consumers'
import { integer, object } from '../../protocol/check.js'
import { readIfThere, writePrivate } from '../portal/files.js'

/** Where a running collector shows its status. */
export interface Running {
  pid: number
  statusPort: number
}

const check = object({ pid: integer(1, 2 ** 31), statusPort: integer(1, 65_535) })
const fileIn = (folder: string) => join(folder, 'run.json')

export const sayRunning = (folder: string, running: Running): void =>
  writePrivate(fileIn(folder), `${JSON.stringify(running)}\n`)

export const sayStopped = (folder: string): void => rmSync(fileIn(folder), { force: true })

/** What the collector of this folder says about itself; null: none runs. */
export async function askRunning(folder: string): Promise<Record<string, unknown> | null> {
  const stored = readIfThere(fileIn(folder))
  const running: unknown = stored === null ? null : JSON.parse(stored)
  if (check(running)) return null
  const { statusPort } = running as Running
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port: statusPort, path: '/status.json', timeout: 5000 },
      (answer) => {
        textOf(answer).then((text) => resolve(JSON.parse(text) as Record<string, unknown>), reject)
      }
    )
    asked.on('timeout', () => asked.destroy())
    // It was killed and could not say that it stopped.
    asked.on('error', () => resolve(null))
    asked.end()
  })
}
