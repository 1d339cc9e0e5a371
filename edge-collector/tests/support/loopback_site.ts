import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { send } from './fixture_server.js'
import { serveRpc } from './tcp_fixtures.js'

/** What an address of the site serves. */
export type Machine =
  | { rpc: (command: string) => unknown }
  | { page: { status?: number; headers?: Record<string, string>; text?: string } }

/** Machines at addresses of loopback that share their ports. */
export interface Site {
  ports: { rpc: number; http: number; https: number; v3: number; rest: number }
  /** "127.9.0.5 GET /", "127.9.0.5 version", in the order in which they were asked. */
  asked: string[]
  /** Values of headers with which somebody tried to log in. */
  logins: string[]
  close(): Promise<void>
}

/** Nobody listens there. */
const REFUSED = 1

/** Serves machines at their addresses: all mining APIs on one port, all pages on another. */
export const serveSite = async (machines: Record<string, Machine>): Promise<Site> => {
  const servers: Server[] = []
  const site = { asked: [] as string[], logins: [] as string[] }
  const places = Object.entries(machines)
  const listenAll = async (isHere: (machine: Machine) => boolean) => {
    let port = 0
    for (const [ip, machine] of places.filter((place) => isHere(place[1]))) {
      const server = 'rpc' in machine ? rpcOf(ip, machine.rpc) : pageOf(ip, machine.page)
      servers.push(server)
      await new Promise<void>((done, fail) => {
        server.once('error', fail)
        server.listen(port, ip, done)
      })
      port = (server.address() as AddressInfo).port
    }
    return port || REFUSED
  }
  const rpcOf = (ip: string, answer: (command: string) => unknown) =>
    createServer((socket) => {
      socket.on('error', () => {})
      serveRpc(socket, ({ command }) => {
        site.asked.push(`${ip} ${command}`)
        return answer(command)
      })
    })
  const pageOf = (ip: string, page: { status?: number; headers?: object; text?: string }) =>
    createHttpServer((request, response) => {
      const { authorization, cookie } = request.headers
      site.asked.push(`${ip} ${request.method} ${request.url}`)
      site.logins.push(...[authorization, cookie].filter((value) => value !== undefined))
      if (request.url !== '/') return send(response, 404, 'not found')
      response.writeHead(page.status ?? 200, { ...page.headers })
      return response.end(page.text ?? '')
    })
  const rpc = await listenAll((machine) => 'rpc' in machine)
  const http = await listenAll((machine) => 'page' in machine)
  return {
    ...site,
    ports: { rpc, http, https: REFUSED, v3: REFUSED, rest: REFUSED },
    close: async () => {
      await Promise.all(servers.map((server) => new Promise((done) => server.close(done))))
    },
  }
}

const status = (Code: number, STATUS: string) => [{ STATUS, Code, Msg: '', Description: '' }]

/** The least that is a miner: an Antminer that knows its version and nothing else. */
export const tinyMiner: Machine = {
  rpc: (command) =>
    command === 'version'
      ? {
          STATUS: status(22, 'S'),
          VERSION: [{ BMMiner: '1.0.0', API: '3.1', Type: 'Antminer S19 Pro' }],
        }
      : { STATUS: status(14, 'E') },
}

/** A WhatsMiner, which only `devdetails` gives away. */
export const tinyWhatsminer: Machine = {
  rpc: (command) =>
    command === 'devdetails'
      ? {
          STATUS: status(69, 'S'),
          DEVDETAILS: [{ DEVDETAILS: 0, Name: 'SM', Driver: 'bitmicro', Model: 'M30S+_VE43' }],
        }
      : { STATUS: status(14, 'E') },
}
