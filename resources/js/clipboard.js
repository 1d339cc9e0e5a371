/** Without a secure context (plain http, not localhost) there is no clipboard to write to. */
function copyBySelection(text) {
  const area = document.createElement('textarea')
  area.value = text
  document.body.append(area)
  area.select()
  document.execCommand('copy')
  area.remove()
}

/** Puts a text on the clipboard, whichever way the browser allows. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    copyBySelection(text)
  }
}
