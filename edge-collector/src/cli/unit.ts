import { parseRange } from '../../protocol/ranges.js'
import { lookup } from 'node:dns/promises'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { networksOf, SITE_NETWORKS } from '../discovery/ranges.js'
import { ConfigStore } from '../portal/config.js'
import { readIfThere } from '../portal/files.js'
import { loadMembership } from '../portal/identity.js'
import { type Command, EXIT } from './command.js'
import { noWords, refusing, STATE_HELP, STATE_OPTION, stateFolder } from './state_folder.js'

/** Prints a unit for systemd. */
export const unit: Command = {
  name: 'unit',
  usage: '[--state DIR]',
  summary: 'print a systemd unit that runs the collector in a sandbox',
  options: STATE_OPTION,
  help: `${STATE_HELP}

  It may speak with the ranges of the stored config, the portal and the name servers only. Print it
  again when ranges change or the portal moves.`,
  run: refusing(async (given, { out }) => {
    noWords(given)
    const folder = stateFolder(given)
    const script = resolve(fileURLToPath(new URL('../..', import.meta.url)), 'bin', BINARY)
    out(unitOf({ folder, script, addresses: await addressesFor(folder) }))
    return EXIT.done
  }),
}

const BINARY = 'hashinsight-edge.js'

/** Where the process may connect to. */
async function addressesFor(folder: string): Promise<string[]> {
  const membership = loadMembership(folder)
  const config = membership && new ConfigStore(folder, membership).config
  const ranges = config?.ranges.map(({ addresses }) => addresses) ?? SITE_NETWORKS
  const networks = ranges.flatMap((text) => parseRange(text) ?? []).flatMap(networksOf)
  const portal = membership ? await lookup(new URL(membership.portal).hostname, { all: true }) : []
  const servers = readIfThere('/etc/resolv.conf')?.matchAll(/^nameserver\s+([0-9a-f.:]+)/gim) ?? []
  return [
    ...networks,
    ...portal.map(({ address }) => address),
    ...[...servers].map(([, address]) => address!),
  ]
}

interface UnitOptions {
  folder: string
  script: string
  addresses: readonly string[]
}

const unitOf = ({ folder, script, addresses }: UnitOptions) => `[Unit]
Description=HashInsight collector
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=${process.execPath} --disable-warning=ExperimentalWarning ${script} run --state ${folder}
Restart=always
RestartSec=5
KillMode=mixed
TimeoutStopSec=15
DynamicUser=no
User=hashinsight
Group=hashinsight
UMask=0077
LimitNOFILE=8192
ReadWritePaths=${folder}
ProtectSystem=strict
ProtectHome=${folder.startsWith('/home/') ? 'tmpfs' : 'yes'}
${folder.startsWith('/home/') ? `BindPaths=${folder}\n` : ''}PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
NoNewPrivileges=yes
RemoveIPC=yes
KeyringMode=private
CapabilityBoundingSet=
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
IPAddressDeny=any
IPAddressAllow=localhost
${addresses.map((address) => `IPAddressAllow=${address}`).join('\n')}

[Install]
WantedBy=multi-user.target`
