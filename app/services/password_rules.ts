import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'

export const PASSWORD_MIN = 12
export const PASSWORD_MAX = 128
/** zxcvbn: 3 is "safely unguessable" for an online service. */
const SCORE_MIN = 3
/** What must remain when the words that anybody would try first are taken out. */
const REST_MIN = 8
/** zxcvbn looks at this much; more only costs time. */
const SCORED_LENGTH = 72

const PRODUCT_WORDS = [
  'hashinsight',
  'bitcoin',
  'mining',
  'miner',
  'antminer',
  'whatsminer',
  'portal',
]

export type PasswordProblem = 'short' | 'long' | 'common' | 'weak'

const common = new Set(dictionary['passwords-common'])
const estimator = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs })

/** The words of a person's name and address, longest first. */
function wordsOf(about: readonly string[]) {
  const words = about.flatMap((text) => [text, ...text.split(/[\s@._+-]+/)])
  return [...new Set([...words, ...PRODUCT_WORDS].map((word) => word.toLowerCase()))]
    .filter((word) => word.length >= 3)
    .sort((a, b) => b.length - a.length)
}

/** zxcvbn rewards three joined words; three words about the person are no secret, though. */
function isAboutPerson(password: string, words: readonly string[]) {
  const rest = words.reduce((text, word) => text.replaceAll(word, ' '), password)
  return rest !== password && rest.replace(/[^\p{L}\p{N}]/gu, '').length < REST_MIN
}

/** Why a password cannot be taken, or null. `about` is the person's name and e-mail address. */
export function passwordProblem(password: string, about: readonly string[] = []) {
  const text = password.normalize('NFKC')
  const length = [...text].length
  if (length < PASSWORD_MIN) return 'short'
  if (length > PASSWORD_MAX) return 'long'
  const plain = text.toLowerCase()
  if (common.has(plain) || common.has(plain.replace(/[^\p{L}]+$/u, ''))) return 'common'
  const words = wordsOf(about)
  if (isAboutPerson(plain, words)) return 'weak'
  const { score } = estimator.check(text.slice(0, SCORED_LENGTH), words)
  return score < SCORE_MIN ? 'weak' : null
}
