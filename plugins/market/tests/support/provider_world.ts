import { type IncomingMessage, type ServerResponse } from 'node:http'

export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void

/** What the world looks like to all providers, in their units below. */
export interface World {
  now: Date
  usd: number
  eur: number
  cny: number
  height: number
  difficulty: number
  hashrateThs: number
  feesSats: number
  mempoolSatVb: number
  fearGreed: number
}

export const WORLD: World = {
  now: new Date('2026-11-25T12:00:00Z'),
  usd: 91_234.5,
  eur: 78_900.25,
  cny: 640_000.5,
  height: 925_123,
  difficulty: 152_271_285_835_563.25,
  hashrateThs: 1_090_000_000,
  feesSats: 2_500_000,
  mempoolSatVb: 4,
  fearGreed: 20,
}

export const json =
  (value: unknown, headers: Record<string, string> = {}): Behaviour =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', ...headers })
    response.end(JSON.stringify(value))
  }

export const text =
  (value: string): Behaviour =>
  (_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain;charset=UTF-8' })
    response.end(value)
  }

export const ms = (world: World) => world.now.getTime()
