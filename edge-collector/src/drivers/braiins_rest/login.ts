import { at } from '../../values/json.js'
import { dig } from '../web/dig.js'
import { tokenLogin } from '../web/login.js'

export const API = '/api/v1/'

/** The token goes without "Bearer". */
export const login = tokenLogin({
  request: ({ user, password }) => ({
    path: `${API}auth/login`,
    body: { username: user, password },
  }),
  tokenOf: (answer) => at(dig(answer), 'token'),
  headers: (token) => ({ authorization: token }),
})
