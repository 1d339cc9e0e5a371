import net from 'node:net'
import { Plain } from './errors.mjs'

/** null when the port can be had, else the error of the attempt to listen. */
export const tryListen = (port, host = '127.0.0.1') =>
  new Promise((resolve) => {
    const server = net.createServer()
    server.once('error', resolve)
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)))
  })

export const freePort = () =>
  new Promise((resolve, reject) => {
    const server = net.createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

export const accepts = (port, host = '127.0.0.1') =>
  new Promise((resolve) => {
    const socket = net.connect({ port, host, timeout: 1000 })
    const done = (answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
    socket.once('timeout', () => done(false))
  })

export function parsePort(text) {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new Plain(`PORT must be a number from 0 to 65535, not "${text}".`)
  }
  return port
}

/** Says in one sentence why the portal cannot listen there. */
export async function requirePort(port, host) {
  const error = await tryListen(port, host)
  if (!error) return
  if (error.code === 'EADDRINUSE') {
    throw new Plain(
      `Port ${port} on ${host} is taken by another program: stop it or start with another one, ` +
        `for example PORT=${port === 65535 ? 3334 : port + 1} npm start.`
    )
  }
  if (error.code === 'EACCES') {
    throw new Plain(`Port ${port} needs more rights than this user has: choose one above 1023.`)
  }
  throw new Plain(`Cannot listen on HOST=${host} PORT=${port} (${error.code}).`)
}
