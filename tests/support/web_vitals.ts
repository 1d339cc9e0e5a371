import type { CDPSession, Page } from 'playwright'

/** What a browser felt while it opened a page; times in ms since the navigation. */
export interface WebVitals {
  fcpMs: number
  lcpMs: number
  /** What tasks take beyond 50 ms, from the first paint until the page rests. */
  tbtMs: number
  cls: number
}

/** Sees the page's own performance entries from its first moment on. */
const OBSERVE = `
  const seen = { fcpMs: 0, lcpMs: 0, cls: 0, tasks: [] }
  globalThis.__vitals = seen
  const watch = (type, take) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true })
  watch('paint', (e) => e.name === 'first-contentful-paint' && (seen.fcpMs = e.startTime))
  watch('largest-contentful-paint', (e) => (seen.lcpMs = e.startTime))
  watch('longtask', (e) => seen.tasks.push([e.startTime, e.startTime + e.duration]))
  watch('layout-shift', (e) => e.hadRecentInput || (seen.cls += e.value))
`

/** Bytes by kind, as they came over the wire: heads and packed bodies. */
export type Transfer = Record<
  'document' | 'stylesheet' | 'script' | 'font' | 'image' | 'other',
  number
>

/** Counts what the browser receives; call before opening the page. */
export async function countTransfer(session: CDPSession) {
  const kinds = new Map<string, keyof Transfer>()
  const bytes: Transfer = { document: 0, stylesheet: 0, script: 0, font: 0, image: 0, other: 0 }
  await session.send('Network.enable')
  session.on('Network.responseReceived', ({ requestId, type }) => {
    const kind = type.toLowerCase()
    kinds.set(requestId, kind in bytes ? (kind as keyof Transfer) : 'other')
  })
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    bytes[kinds.get(requestId) ?? 'other'] += encodedDataLength
  })
  return bytes
}

/** Everything that is no image. */
export const beforeImages = ({ image, ...rest }: Transfer) =>
  Object.values(rest).reduce((sum, one) => sum + one, 0)

/** Opens an address and waits until the page rests. */
export async function feel(page: Page, url: string): Promise<WebVitals> {
  await page.addInitScript({ content: OBSERVE })
  await page.goto(url, { waitUntil: 'networkidle' })
  const { tasks, ...seen } = await page.evaluate<Seen>('globalThis.__vitals')
  const blocking = tasks.map(([from, to]) => to - Math.max(from, seen.fcpMs) - 50)
  return { ...seen, tbtMs: blocking.reduce((sum, ms) => sum + Math.max(0, ms), 0) }
}

type Seen = Omit<WebVitals, 'tbtMs'> & { tasks: [from: number, to: number][] }

/** How slow network and processor are made. */
export interface Throttle {
  latencyMs: number
  kilobitsPerSecond: number
  cpuTimes: number
}

/** Slows network and processor down as the throttle says. */
export async function slowDown(session: CDPSession, throttle: Throttle) {
  const bytesPerSecond = (throttle.kilobitsPerSecond * 1000) / 8
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: throttle.latencyMs,
    downloadThroughput: bytesPerSecond,
    uploadThroughput: bytesPerSecond / 2,
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: throttle.cpuTimes })
}
