const WARM_UP = 10

/** Milliseconds of each request of a page, one after the other, after some that do not count. */
export async function timesOf(
  url: string,
  { cookie, requests }: { cookie: string; requests: number }
): Promise<number[]> {
  const times: number[] = []
  for (let index = -WARM_UP; index < requests; index++) {
    const began = performance.now()
    const response = await fetch(url, { headers: { cookie } })
    const body = await response.text()
    if (response.status !== 200 || body.length === 0) throw new Error(`${url}: ${response.status}`)
    if (index >= 0) times.push(performance.now() - began)
  }
  return times
}
