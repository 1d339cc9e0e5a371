import { parseRange, toNumber } from '../../protocol/ranges.js'
import { type Credentials, DEFAULT_PORTS, type Ports } from '../wire/contract.js'
import { type Given, textOption, UsageError } from './command.js'

/** Options that several commands share. */
export const MINER_OPTIONS = {
  ports: { type: 'string' },
  user: { type: 'string' },
  password: { type: 'string' },
  json: { type: 'boolean' },
} as const

/** Their explanation. */
export const MINER_HELP = `  --ports LIST     ports that differ: rpc=4028,http=80,https=443,v3=4433,rest=8080
  --user NAME      with --password; without them nobody logs in
  --password WORD
  --json           print JSON`

const names = Object.keys(DEFAULT_PORTS) as (keyof Ports)[]
const isName = (name: string): name is keyof Ports => (names as string[]).includes(name)

/** `rpc=4028,http=80`; what is not there keeps its default. */
export const portsOf = (given: Given): Partial<Ports> =>
  Object.fromEntries(textOption(given, 'ports')?.split(',').map(toPort) ?? [])

const toPort = (part: string): [keyof Ports, number] => {
  const [, name = '', value] = /^\s*([^=]*?)\s*=\s*(\d{1,5})\s*$/.exec(part) ?? []
  const port = Number(value)
  if (!isName(name))
    throw new UsageError(`--ports: "${part}" is not ${names.join('=, ')}= and a port`)
  if (port < 1 || port > 65_535) throw new UsageError(`--ports: ${port} is not a port`)
  return [name, port]
}

/** Null without both. */
export const credentialsOf = (given: Given): Credentials | null => {
  const user = textOption(given, 'user')
  const password = given.options.password
  if (user === undefined && password === undefined) return null
  if (user === undefined) throw new UsageError('--password needs --user')
  if (typeof password !== 'string') throw new UsageError('--user needs --password')
  return { user, password }
}

/** The one address that a command is about. */
export const addressOf = ({ words }: Given): string => {
  const [ip, another] = words
  if (ip === undefined) throw new UsageError('the address of the miner is missing')
  if (another !== undefined) throw new UsageError(`"${another}" is one word too many`)
  if (toNumber(ip) === null) throw new UsageError(`"${ip}" is not an IPv4 address`)
  return ip
}

/** Ranges or networks, separated by commas. */
export const rangesOf = (given: Given, name: string): string[] => {
  const texts = textOption(given, name)?.split(',') ?? []
  for (const text of texts) {
    if (!parseRange(text)) throw new UsageError(`--${name}: "${text}" is not a range of addresses`)
  }
  return texts
}
