import { type Span, parseRange, sizeOf } from '../../protocol/ranges.js'
import type { EdgeConfig } from '../../protocol/messages.js'
import { AllowList } from '../discovery/ranges.js'
import { DEFAULT_PORTS, type Ports } from '../wire/contract.js'
import type { Settings } from './settings.js'

/** A range to be scanned; its id is null when somebody gave it by hand. */
export interface SiteRange {
  id: string | null
  addresses: string
  span: Span
  ports: Ports
}

/** Where this collector may look, from what the portal signed and what this machine allows. */
export class Site {
  readonly ranges: SiteRange[]
  readonly #allowed: AllowList

  constructor(
    ranges: readonly { id: string | null; addresses: string; ports: Partial<Ports> }[],
    settings: Pick<Settings, 'networks'>
  ) {
    this.ranges = ranges.flatMap(({ id, addresses, ports }) => {
      const span = parseRange(addresses)
      return span ? [{ id, addresses, span, ports: { ...DEFAULT_PORTS, ...said(ports) } }] : []
    })
    this.#allowed = new AllowList(
      this.ranges.map(({ addresses }) => addresses),
      settings.networks
    )
  }

  static of(config: EdgeConfig | null, settings: Pick<Settings, 'networks'>): Site {
    return new Site(config?.ranges ?? [], settings)
  }

  isAllowed(ip: string): boolean {
    return this.#allowed.isAllowed(ip)
  }

  /** Those that contain this address, the smallest first. */
  rangeOf(ip: string): SiteRange | null {
    const inside = this.ranges.filter(({ addresses }) =>
      new AllowList([addresses], [addresses]).isAllowed(ip)
    )
    return inside.toSorted((a, b) => sizeOf(a.span) - sizeOf(b.span))[0] ?? null
  }

  /** Changes when the ranges do. */
  get fingerprint(): string {
    return JSON.stringify(this.ranges.map(({ addresses, ports }) => [addresses, ports]))
  }
}

/** Null is as good as nothing in the protocol. */
const said = (ports: Partial<Ports>): Partial<Ports> =>
  Object.fromEntries(Object.entries(ports).filter(([, port]) => typeof port === 'number'))
