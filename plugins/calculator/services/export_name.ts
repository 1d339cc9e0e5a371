const MOST = 80
/** Characters that some file system refuses, and those that nobody sees. */
const REFUSED = /[\p{Cc}\p{Cf}\u2028\u2029<>:"/\\|?*]/gu

/** A file name from text that a person typed: no path, no control characters, never empty. */
export function fileNameOf(title: string, extension: string, fallback: string) {
  const plain = title.replaceAll(REFUSED, ' ').replaceAll(/\s+/g, ' ')
  const short = [...plain.trim()].slice(0, MOST).join('')
  const name = short.replace(/^[.\s]+/, '').replace(/[.\s]+$/, '')
  return `${name || fallback}.${extension}`
}

/** What RFC 5987 lets stand for itself. */
const encoded = (text: string) =>
  encodeURIComponent(text).replaceAll(
    /['()*!~]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`
  )

/** The header that saves an answer as a file: plain for old browsers, UTF-8 for all others (RFC 6266). */
export function attachment(fileName: string) {
  const ascii = fileName.replaceAll(/[^\x20-\x7e]/g, '_').replaceAll(/["\\%]/g, '_')
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded(fileName)}`
}
