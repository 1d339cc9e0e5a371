import type { HttpContext } from '@adonisjs/core/http'
import { latestValues } from '../services/stored_values.js'

export default class ApiLatestController {
  async show({ response }: HttpContext) {
    return response.json({ data: await latestValues() })
  }
}
