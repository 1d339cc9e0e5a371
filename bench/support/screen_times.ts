import { setTimeout as delay } from 'node:timers/promises'
import { percentile } from './figures.js'

/** Sends a batch whose samples were read just now; ends when the portal has taken it. */
export type SendNow = () => Promise<{ samples: number; readAt: number }>

interface Options {
  /** Of the portal. */
  url: string
  /** Of somebody who looks. */
  cookie: string
  topic: string
  /** The part of the page that is live. */
  part: string
  /** Batches, to be sent evenly over this time. */
  batches: readonly SendNow[]
  overMs: number
}

interface Taken {
  samples: number
  readAt: number
  takenAt: number
}

const LONGEST_MS = 30_000

/**
 * From the reading of a sample to its place on a screen: somebody looks at a page, hears by the
 * stream that something changed, and asks for the part, as the page's own script does. A sample is
 * on the screen when a part that was asked for after it was taken has come. Milliseconds, p99.
 */
export async function screenP99Ms(options: Options): Promise<number> {
  const { batches, overMs } = options
  const taken: Taken[] = []
  const times: number[] = []
  const end = new AbortController()
  const looking = look(options, end.signal, (askedAt) => {
    for (const one of taken.splice(
      0,
      taken.findLastIndex(({ takenAt }) => takenAt <= askedAt) + 1
    )) {
      const passed = performance.now() - one.readAt
      times.push(...Array.from({ length: one.samples }, () => passed))
    }
  })
  const began = performance.now()
  const sent: Promise<void>[] = []
  for (const [index, send] of batches.entries()) {
    await delay(Math.max(0, began + (index / batches.length) * overMs - performance.now()))
    const one = send().then((batch) => void taken.push({ ...batch, takenAt: performance.now() }))
    sent.push(one)
  }
  await Promise.all(sent)
  const until = performance.now() + LONGEST_MS
  while (taken.length > 0 && performance.now() < until) await delay(50)
  end.abort()
  await looking
  if (taken.length > 0) throw new Error(`${taken.length} batches never came to the screen`)
  return Math.round(percentile(times, 0.99))
}

/** Hears news and asks for the part, one question at a time, at most once a second. */
async function look(
  { url, cookie, topic, part }: Options,
  signal: AbortSignal,
  onShown: (askedAt: number) => void
): Promise<void> {
  let isDue = false
  const asking = async () => {
    while (!signal.aborted) {
      if (!isDue) {
        await delay(20)
        continue
      }
      isDue = false
      const askedAt = performance.now()
      const answer = await fetch(url + part, { headers: { cookie, 'hx-request': 'true' } })
      if (!answer.ok) throw new Error(`${part}: ${answer.status}`)
      await answer.text()
      onShown(askedAt)
      await delay(Math.max(0, askedAt + 1000 - performance.now()))
    }
  }
  const hearing = async () => {
    const stream = await fetch(`${url}/live?of=${topic}`, { headers: { cookie }, signal })
    if (!stream.ok) throw new Error(`/live: ${stream.status}`)
    const decoder = new TextDecoder()
    for await (const bytes of stream.body!) {
      if (/^event: (?!open)/m.test(decoder.decode(bytes))) isDue = true
    }
  }
  const heard = hearing().catch((error) => {
    if (!signal.aborted) throw error
  })
  await Promise.all([asking(), heard])
}
