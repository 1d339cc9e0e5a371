/** Whether a host is one of those that are trusted; `*.example.com` trusts what is below it. */
export function isTrusted(host: string, trusted: readonly string[]): boolean {
  const name = host.toLowerCase()
  return trusted.some((one) =>
    one.startsWith('*.')
      ? name.endsWith(one.slice(1)) && name.length > one.length - 1
      : name === one
  )
}

const ADDRESS = /^(?:[a-z0-9+.-]+:\/\/)?(?:[^/@]*@)?(\[[^\]]*\]|[^:/?#]+)/i

/** The host of a pool's address: `stratum+tcp://user@eu.pool.example:3333/x` → `eu.pool.example`. */
export const hostOf = (url: string): string => (ADDRESS.exec(url)?.[1] ?? url).toLowerCase()
