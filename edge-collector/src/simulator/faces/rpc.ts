import type { Face, Moment, RpcRequest, SimulatedMiner } from '../contract.js'
import { secondsOf } from './words.js'

/** A question to the cgminer API, and the ways to answer it. */
export interface Asked {
  miner: SimulatedMiner
  moment: Moment
  command: string
  parameter: string
  yes(code: number, message: string, body?: object): object
  no(code: number, message: string): object
  /** STATUS I: Avalon's yes. */
  info(code: number, message: string): object
}

/** Null: it closes the connection without a word. */
export type Answer = (asked: Asked) => object | null

/** How a descendant of cgminer speaks. */
export interface Dialect {
  /** "cgminer 4.11.1", in every status. */
  description(miner: SimulatedMiner): string
  answers: Readonly<Record<string, Answer>>
  /** `summary+pools` gets both answers. */
  joins: boolean
  /** A question that is no JSON gets an answer that is none either. */
  hasTexts?: boolean
  /** After the answer; NUL where nothing else is said. */
  end?: string
}

const INVALID_COMMAND = 14
const INVALID_JSON = 23
const JOINT = '+'

/** The cgminer API of a dialect. */
export const rpcOf =
  (dialect: Dialect): NonNullable<Face['rpc']> =>
  (miner, request) => {
    const { words, isText } = wordsOf(dialect, request)
    const moment = miner.now()
    const ask = (command: string) =>
      answerOf(dialect, toAsked(dialect, { miner, moment }, { ...words, command }))
    const isJoined = dialect.joins && words.command.includes(JOINT)
    const answer = isJoined ? joined(words.command.split(JOINT), ask) : ask(words.command)
    if (answer === null) return null
    return `${isText ? toText(answer) : JSON.stringify(answer)}${dialect.end ?? '\0'}`
  }

interface Words {
  command: string
  parameter: string
  isBroken: boolean
}

const wordsOf = ({ hasTexts }: Dialect, { json, text }: RpcRequest) => {
  if (json) {
    const [command, parameter] = [json['command'] ?? json['cmd'], json['parameter']]
    const words: Words = {
      command: typeof command === 'string' ? command : '',
      parameter: parameter === undefined ? '' : String(parameter),
      isBroken: false,
    }
    return { words, isText: false }
  }
  const [command = '', ...rest] = text.trim().split('|')
  const isText = hasTexts === true && /^[a-z+]+$/.test(command)
  return { words: { command, parameter: rest.join('|'), isBroken: !isText }, isText }
}

const toAsked = (
  dialect: Dialect,
  { miner, moment }: Pick<Asked, 'miner' | 'moment'>,
  words: Words
): Asked & { isBroken: boolean } => {
  const says = (STATUS: string, Code: number, Msg: string, body = {}) => ({
    STATUS: [
      { STATUS, When: secondsOf(moment), Code, Msg, Description: dialect.description(miner) },
    ],
    ...body,
    id: 1,
  })
  return {
    miner,
    moment,
    ...words,
    yes: (code, message, body) => says('S', code, message, body),
    no: (code, message) => says('E', code, message),
    info: (code, message) => says('I', code, message),
  }
}

const answerOf = ({ answers }: Dialect, asked: Asked & { isBroken: boolean }): object | null => {
  if (asked.isBroken) return asked.no(INVALID_JSON, 'Invalid JSON')
  const { command } = asked
  if (!Object.hasOwn(answers, command)) return asked.no(INVALID_COMMAND, 'Invalid command')
  return answers[command]!(asked)
}

const joined = (commands: string[], ask: (command: string) => object | null) =>
  Object.fromEntries([...commands.map((command) => [command, [ask(command)]]), ['id', 1]])

/** `STATUS=S,When=…|POOL=0,URL=…|`, the form of the time before JSON. */
const toText = (answer: object): string =>
  Object.entries(answer)
    .filter(([section]) => section !== 'id')
    .flatMap(([section, rows]) => (rows as object[]).map((row) => toTextRow(section, row)))
    .join('')

/** Numbered rows begin with their number, others with their section. */
const toTextRow = (section: string, row: object): string => {
  const fields = Object.entries(row)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${String(value).replace(/[\\,=|]/g, '\\$&')}`)
  const isNamed = /^[A-Z]+=/.test(fields[0] ?? '')
  return `${[...(isNamed ? [] : [section]), ...fields].join(',')}|`
}
