import { toNumber } from '../../protocol/ranges.js'
import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Log } from '../poll/time.js'

/** What a miner calls into the network when somebody presses its button. */
export interface IpReport {
  ip: string
  mac: string
}

/** Antminer and WhatsMiner. */
export const IP_REPORT_PORTS = [14_235, 8888]

const MAC = '((?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})'
const FORMS = [
  new RegExp(`^([0-9.]{7,15}),${MAC}$`),
  new RegExp(`^IP:([0-9.]{7,15})\\s*MAC:${MAC}$`),
]

/** The report in a packet; null for anything else, as the `OK` that tools answer with. */
export function parseIpReport(packet: Uint8Array): IpReport | null {
  if (packet.length > 200) return null
  const text = Buffer.from(packet).toString('latin1').split('\0')[0]!.trim()
  for (const form of FORMS) {
    const [, ip, mac] = form.exec(text) ?? []
    if (ip && mac && toNumber(ip) !== null) {
      return { ip, mac: mac.toUpperCase().replaceAll('-', ':') }
    }
  }
  return null
}

export interface IpReportOptions {
  isAllowed: (ip: string) => boolean
  onReport: (report: IpReport) => void
  clock: () => number
  ports?: readonly number[]
  host?: string
}

/** The same machine is not looked at twice within. */
const QUIET_MS = 60_000
const MOST_REMEMBERED = 1000

/** Listens for reports of machines that may be looked at, from the machine that the report names. */
export async function listenForReports(
  options: IpReportOptions
): Promise<{ ports: number[]; close(): void }> {
  const { isAllowed, onReport, clock, ports = IP_REPORT_PORTS, host } = options
  const heard = new Map<string, number>()
  const sockets: Socket[] = []
  const hear = (packet: Buffer, source: string) => {
    const report = parseIpReport(packet)
    if (!report || report.ip !== source || !isAllowed(report.ip)) return
    const now = clock()
    if (now - (heard.get(report.ip) ?? -Infinity) < QUIET_MS) return
    if (heard.size >= MOST_REMEMBERED) heard.clear()
    heard.set(report.ip, now)
    onReport(report)
  }
  const close = () => sockets.forEach((socket) => socket.close())
  try {
    for (const port of ports) {
      const socket = createSocket('udp4')
      socket.on('message', (packet, { address }) => hear(packet, address))
      socket.bind(port, host)
      await once(socket, 'listening')
      sockets.push(socket)
    }
  } catch (error) {
    close()
    throw error
  }
  return { ports: sockets.map((socket) => socket.address().port), close }
}

/** The same, unless somebody else listens there already: then scans must do. */
export async function listenForButtons(log: Log, options: IpReportOptions) {
  try {
    return await listenForReports(options)
  } catch (error) {
    log('warn', `no listener for the buttons of miners: ${(error as Error).message}`)
    return null
  }
}
