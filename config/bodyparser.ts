import { defineConfig } from '@adonisjs/core/bodyparser'

/**
 * Multipart bodies are never parsed by the framework: one hostile field name ends the process
 * (GHSA-8w45-cghr-9rh4, fixed in a version not yet published here). Uploads go through `#core/uploads`.
 */
export default defineConfig({
  allowedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
  form: {
    convertEmptyStringsToNull: true,
    trimWhitespaces: true,
    limit: '256kb',
    types: ['application/x-www-form-urlencoded'],
  },
  json: {
    convertEmptyStringsToNull: true,
    trimWhitespaces: true,
    strict: true,
    limit: '1mb',
    types: ['application/json'],
  },
  raw: { types: ['application/csp-report', 'application/reports+json'], limit: '16kb' },
  multipart: {
    autoProcess: false,
    convertEmptyStringsToNull: true,
    trimWhitespaces: true,
    processManually: [],
    limit: '20mb',
    types: ['multipart/form-data'],
  },
})
