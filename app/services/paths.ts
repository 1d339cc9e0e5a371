const BASE = 'http://portal.invalid'

/** A path of ours to go to, or '/': never another host, whatever the text pretends to be. */
export function safePath(wanted: unknown) {
  if (typeof wanted !== 'string' || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(wanted)) return '/'
  if (!URL.canParse(wanted, BASE)) return '/'
  const { origin, pathname, search } = new URL(wanted, BASE)
  if (origin !== BASE || pathname.startsWith('//') || pathname.startsWith('/sign-')) return '/'
  return pathname + search
}
