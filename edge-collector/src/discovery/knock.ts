import { connect } from 'node:net'

/** `silent`: nobody took the connection, nobody refused it. */
export type Knocked = 'open' | 'refused' | 'silent'

/** Whether somebody listens there. Sends nothing. */
export const knock = (ip: string, port: number, ms: number): Promise<Knocked> =>
  new Promise((resolve) => {
    const socket = connect({ host: ip, port })
    const end = (result: Knocked) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(result)
    }
    const timer = setTimeout(() => end('silent'), ms)
    socket.once('connect', () => end('open'))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET' ? 'refused' : 'silent')
    )
  })
