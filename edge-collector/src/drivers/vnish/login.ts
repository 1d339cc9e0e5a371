import { at } from '../../values/json.js'
import { dig } from '../web/dig.js'
import { tokenLogin } from '../web/login.js'

export const API = '/api/v1/'

/** Only a password; the name of the user does not matter. */
export const login = tokenLogin({
  request: ({ password }) => ({ path: `${API}unlock`, body: { pw: password } }),
  tokenOf: (answer) => at(dig(answer), 'token'),
  headers: (token) => ({ authorization: `Bearer ${token}` }),
})
