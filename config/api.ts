/** Limits of /api/v1. */
export default {
  /** Requests per token, whatever it asks for. */
  requestsPerMinute: 600,
}
