import { refreshJob } from '../services/refresh_job.js'

export default refreshJob('epochs')
