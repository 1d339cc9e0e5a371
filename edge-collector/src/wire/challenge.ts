/** One way to log in that a server offers. */
export interface Challenge {
  /** Lower case: "digest", "basic". */
  scheme: string
  /** By lower-case name. */
  params: Map<string, string>
}

const TOKEN =
  /([a-z0-9!#$%&'*+.^_`|~-]+)(?:\s*(=)\s*(?:"((?:[^"\\]|\\[^])*)"|([^\s,"]*)))?[\s,]*/giy
const LONGEST = 4096

/** Reads `WWW-Authenticate`, of which one line may offer several ways (RFC 9110, 11.6.1). */
export const parseChallenges = (header: string | undefined): Challenge[] => {
  const challenges: Challenge[] = []
  for (const token of (header ?? '').trim().slice(0, LONGEST).matchAll(TOKEN)) {
    const [, name = '', equals, quoted, plain] = token
    if (equals === undefined) {
      challenges.push({ scheme: name.toLowerCase(), params: new Map() })
      continue
    }
    const value = quoted?.replace(/\\([^])/g, '$1') ?? plain ?? ''
    challenges.at(-1)?.params.set(name.toLowerCase(), value)
  }
  return challenges
}

/** The realm of the first challenge, by which web interfaces give their maker away. */
export const realmOf = (header: string | undefined): string | null =>
  parseChallenges(header)
    .find(({ params }) => params.has('realm'))
    ?.params.get('realm') ?? null
