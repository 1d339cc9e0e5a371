import { E_NOT_FOUND } from '#core/errors'

/** Any address that is no page: the error page, in the person's language and frame. */
export default class MissingController {
  show() {
    throw new E_NOT_FOUND()
  }
}
