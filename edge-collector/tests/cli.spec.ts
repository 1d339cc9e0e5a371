import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { test } from '@japa/runner'
import { COMMANDS } from '../src/cli/commands.js'
import type { Ports } from '../src/wire/contract.js'
import { DRIVERS } from '../src/drivers/registry.js'
import { type Ended, runCommand } from './support/command.js'
import { serveFixture } from './support/fixture_server.js'
import { serveSite, tinyMiner } from './support/loopback_site.js'
import { isHere, NOT_HERE } from './support/shared_fixtures.js'

const PACKAGE = resolve(import.meta.dirname, '..')
const BIN = resolve(PACKAGE, 'bin/hashinsight-edge.ts')

/** Runs the command as people do. */
const edge = (...args: string[]): Promise<Ended> =>
  new Promise((done) => {
    const child = spawn(process.execPath, ['--import=@poppinss/ts-exec', BIN, ...args])
    const ended: Ended = { code: null, out: '', err: '' }
    child.stdout.on('data', (bytes) => (ended.out += bytes))
    child.stderr.on('data', (bytes) => (ended.err += bytes))
    child.on('close', (code) => done({ ...ended, code }))
  })

const portsText = (ports: Partial<Ports>) =>
  Object.entries(ports)
    .map(([name, port]) => `${name}=${port}`)
    .join(',')

test.group('Edge command | help', (group) => {
  group.tap((one) => one.timeout(30_000))

  test('explain itself and each command', async ({ assert }) => {
    const [help, none, one] = [
      await edge('--help'),
      await runCommand(),
      await runCommand('scan', '--help'),
    ]
    for (const { code, err } of [help, none, one]) {
      assert.equal(code, 0)
      assert.equal(err, '')
    }
    assert.equal(none.out, help.out)
    for (const { name } of COMMANDS) assert.match(help.out, RegExp(`^  ${name} `, 'm'))
    assert.match(one.out, /^Usage: hashinsight-edge scan /)
    assert.match(one.out, /--ranges/)
  })

  test('give the version of the package', async ({ assert }) => {
    const { version } = JSON.parse(readFileSync(resolve(PACKAGE, 'package.json'), 'utf8'))
    assert.deepEqual(await runCommand('--version'), { code: 0, out: `${version}\n`, err: '' })
  })

  test('list the drivers', async ({ assert }) => {
    const [text, json] = [await runCommand('drivers'), await runCommand('drivers', '--json')]
    const [families] = text.out.split('\n\n')
    assert.lengthOf(families!.split('\n'), DRIVERS.length + 1)
    assert.deepEqual(
      JSON.parse(json.out).slice(0, DRIVERS.length),
      DRIVERS.map(({ name, label, evidence }) => ({ name, kind: 'miner', label, evidence }))
    )
  })
})

/** What was typed, and what the one line names. */
const WRONG: [string[], RegExp][] = [
  [['fly'], /no command "fly"/],
  [['read'], /address of the miner is missing/],
  [['read', 'miner.example'], /"miner\.example" is not an IPv4 address/],
  [['read', '10.0.0.1', '10.0.0.2'], /"10\.0\.0\.2" is one word too many/],
  [['read', '10.0.0.1', '--prt', '1'], /'--prt'/],
  [['read', '10.0.0.1', '--ports'], /'--ports <value>'/],
  [['read', '10.0.0.1', '--ports', 'ssh=22'], /--ports: "ssh=22"/],
  [['read', '10.0.0.1', '--ports', 'rpc=0'], /--ports: 0/],
  [['read', '10.0.0.1', '--ports', 'rpc=65536'], /--ports: 65536/],
  [['read', '10.0.0.1', '--ports', 'rpc=1=2'], /--ports: "rpc=1=2"/],
  [['read', '10.0.0.1', '--driver', 'toaster'], /--driver: there is no "toaster"/],
  [['read', '10.0.0.1', '--user', 'root'], /--user needs --password/],
  [['read', '10.0.0.1', '--password', 'x'], /--password needs --user/],
  [['scan'], /--ranges is missing/],
  [['scan', '--ranges', '10.0.0.0/33'], /--ranges: "10\.0\.0\.0\/33"/],
  [['scan', '--ranges', '10.0.0.0/8'], /--ranges: 16777214 addresses/],
  [['scan', '--ranges', '10.0.0.1,8.8.8.0/24'], /--ranges: "8\.8\.8\.0\/24"/],
  [['scan', '10.0.0.1'], /"10\.0\.0\.1" is one word too many/],
  [['drivers', 'all'], /"all" is one word too many/],
]

test.group('Edge command | mistakes', () => {
  test('end with 2 as a process', async ({ assert }) => {
    const { code, err } = await edge('read', 'miner.example')
    assert.equal(code, 2)
    assert.equal(err, 'hashinsight-edge read: "miner.example" is not an IPv4 address\n')
  }).timeout(30_000)

  for (const [args, message] of WRONG) {
    test(`say what is wrong with "${args.join(' ')}"`, async ({ assert }) => {
      const { code, out, err } = await runCommand(...args)
      assert.equal(code, 2)
      assert.equal(out, '')
      assert.match(err, message)
      assert.match(err, /^hashinsight-edge.*\n$/)
    })
  }
})

test.group('Edge command | read and scan', (group) => {
  group.tap((one) => one.timeout(30_000))

  test('read a miner that it recognises', async ({ assert, cleanup }) => {
    const { ports, close } = await serveFixture('luxos/2025.4.8-s19kpro')
    cleanup(close)
    const where = ['127.0.0.1', '--ports', portsText(ports)]
    const [json, named, text] = await Promise.all([
      edge('read', ...where, '--json'),
      runCommand('read', ...where, '--json', '--driver', 'luxos'),
      runCommand('read', ...where),
    ])
    for (const { code, out, err } of [json, named]) {
      assert.equal(err, '')
      assert.equal(code, 0)
      const record = JSON.parse(out)
      assert.equal(record.schema_version, 'hashinsight-telemetry/1')
      assert.equal(record.firmware_family, 'luxos')
      assert.equal(record.ip, '127.0.0.1')
      assert.isAbove(record.hashrate_ths, 0)
    }
    assert.equal(text.code, 0)
    assert.match(text.out, /^Hashrate +[\d.]+ TH\/s$/m)
  }).skip(!isHere, NOT_HERE)

  test('log in with what was given', async ({ assert, cleanup }) => {
    const { ports, credentials, close } = await serveFixture('braiins/os-25.11-s19xp')
    cleanup(close)
    const args = ['read', '127.0.0.1', '--driver', 'braiins_rest', '--ports', portsText(ports)]
    const { user, password } = credentials!
    const [known, unknown] = await Promise.all([
      runCommand(...args, '--json', '--user', user, '--password', password),
      runCommand(...args, '--json'),
    ])
    assert.equal(known.code, 0)
    assert.equal(JSON.parse(known.out).outcome, 'ok')
    assert.equal(unknown.code, 1)
    assert.equal(JSON.parse(unknown.out).outcome, 'auth_failed')
  }).skip(!isHere, NOT_HERE)

  test('fail where no miner is', async ({ assert }) => {
    const refused = ['--ports', 'rpc=1,http=1,https=1,v3=1,rest=1']
    const { code, out, err } = await edge('read', '127.0.0.1', ...refused, '--json')
    assert.equal(code, 1)
    assert.equal(out, '')
    assert.match(err, /^no miner that this version knows answers at 127\.0\.0\.1; .*\n$/)
  })

  test('scan ranges', async ({ assert, cleanup }) => {
    const site = await serveSite({ '127.9.4.2': tinyMiner, '127.9.4.9': tinyMiner })
    cleanup(site.close)
    const args = ['scan', '--ranges', '127.9.4.0/28,127.9.4.77', '--ports', portsText(site.ports)]
    const [json, text] = await Promise.all([edge(...args, '--json'), runCommand(...args)])
    assert.equal(json.code, 0)
    assert.equal(json.err, '', 'nobody watches')
    const { addresses, found } = JSON.parse(json.out)
    assert.equal(addresses, 15)
    assert.deepEqual(
      found.map(({ ip, driver }: any) => [ip, driver]),
      [
        ['127.9.4.2', 'antminer'],
        ['127.9.4.9', 'antminer'],
      ]
    )
    assert.equal(text.code, 0)
    assert.match(text.out, /^127\.9\.4\.2 +ip:127\.9\.4\.2 +antminer +Antminer S19 Pro/m)
    assert.match(text.out, /^2 miners at 15 addresses/m)
  })
})
