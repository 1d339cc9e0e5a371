import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import app from '@adonisjs/core/services/app'
import testUtils from '@adonisjs/core/services/test_utils'
import { apiClient } from '@japa/api-client'
import { assert } from '@japa/assert'
import { browserClient } from '@japa/browser-client'
import { pluginAdonisJS } from '@japa/plugin-adonisjs'
import { spec } from '@japa/runner/reporters'
import type { Config, NamedReporterContract } from '@japa/runner/types'
import { chromium } from 'playwright'
import env from '#start/env'
import { browserLaunch } from '#tests/browser_launch'
import { sessionClient } from '#tests/session_client'

export const plugins: Config['plugins'] = [
  assert(),
  apiClient(`http://127.0.0.1:${env.get('PORT')}`),
  browserClient({
    runInSuites: ['browser'],
    launcher: async () => chromium.launch(await browserLaunch()),
  }),
  pluginAdonisJS(app),
  sessionClient(),
]

/** The counts as a file: a suite that could not start must not look like one that passed. */
const counts: NamedReporterContract = {
  name: 'counts',
  handler: (runner, emitter) => {
    emitter.on('runner:end', () => {
      const { aggregates } = runner.getSummary()
      const { passed, failed, skipped, regression, todo } = aggregates
      const line = { passed: passed + regression, failed, skipped: skipped + todo }
      writeFileSync(join(env.get('PORTAL_HOME'), 'test-results.json'), JSON.stringify(line))
    })
  },
}

export const reporters: Config['reporters'] = {
  activated: ['spec', 'counts'],
  list: [spec(), counts],
}

export const runnerHooks: Required<Pick<Config, 'setup' | 'teardown'>> = { setup: [], teardown: [] }

export const configureSuite: Config['configureSuite'] = (suite) => {
  if (suite.name !== 'unit') suite.setup(() => testUtils.httpServer().start())
}
