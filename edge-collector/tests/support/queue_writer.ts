import { Queue } from '../../src/store/queue.js'

/**
 * Writes to a queue without end and says what is on disk after each step, until somebody kills it:
 * `stored N` for samples, `sent N SEQ` for a batch that got its number.
 */
const [file] = process.argv.slice(2)
const queue = new Queue({ file: file!, maxBytes: 64 * 1024 * 1024, clock: Date.now })
const say = (line: string) => process.stdout.write(`${line}\n`)

const write = (number: number) => {
  const at = 1_767_600_000_000 + number
  queue.append(
    [{ miner: `ip:10.0.0.1`, at, poll_ms: 1, outcome: 'ok', state: 'mining', ip: '10.0.0.1' }],
    0
  )
  say(`stored ${number}`)
  if (number % 3 === 0) {
    const claimed = queue.claims.newest()!
    say(`sent ${claimed.samples()[0]!.at - 1_767_600_000_000} ${claimed.seq}`)
  }
  setImmediate(write, number + 1)
}
write(Number(process.argv[3]))
