import type { Router } from '@adonisjs/core/http'
import { limitGuests } from '#core/limits'
import plugin from '../plugin.js'

const Scenarios = () => import('../controllers/scenarios_controller.js')
const Copies = () => import('../controllers/scenario_copies_controller.js')
const Archivals = () => import('../controllers/scenario_archivals_controller.js')
const Shares = () => import('../controllers/scenario_shares_controller.js')
const Files = () => import('../controllers/scenario_files_controller.js')
const Comparisons = () => import('../controllers/comparisons_controller.js')
const Exports = () => import('../controllers/exports_controller.js')
const Prints = () => import('../controllers/prints_controller.js')
const Shared = () => import('../controllers/shared_results_controller.js')

/** Saved questions, their comparison, links, files and sheets of paper. */
export default function scenarioRoutes(router: Router) {
  comparisons(router)
  scenarios(router)
  results(router)
}

/** Before the scenarios, whose `:id` would take these addresses. */
function comparisons(router: Router) {
  const view = plugin.can('scenario.view')
  router.get('scenarios/comparison', [Comparisons, 'show']).as('comparisons.show').use(view)
  router.get('scenarios/comparison.csv', [Comparisons, 'csv']).as('comparisons.csv').use(view)
  router.get('scenarios/comparison.xlsx', [Comparisons, 'xlsx']).as('comparisons.xlsx').use(view)
}

function scenarios(router: Router) {
  const view = plugin.can('scenario.view')
  const edit = plugin.can('scenario.edit')
  const at = (rest: string) => `scenarios/:id/${rest}`
  router.get('scenarios', [Scenarios, 'index']).as('scenarios.index').use(view)
  router.post('scenarios', [Scenarios, 'store']).as('scenarios.store').use(edit)
  router.get('scenarios/:id', [Scenarios, 'show']).as('scenarios.show').use(view)
  router.post('scenarios/:id', [Scenarios, 'update']).as('scenarios.update').use(edit)
  router.post(at('copies'), [Copies, 'store']).as('scenario_copies.store').use(edit)
  router.post(at('archival'), [Archivals, 'store']).as('scenario_archivals.store').use(edit)
  router.post(at('restoration'), [Archivals, 'destroy']).as('scenario_archivals.destroy').use(edit)
  router.post(at('shares'), [Shares, 'store']).as('scenario_shares.store').use(edit)
  router
    .post(at('shares/:shareId/revocation'), [Shares, 'destroy'])
    .as('scenario_shares.destroy')
    .use(edit)
  router.get(at('export.csv'), [Files, 'csv']).as('scenario_files.csv').use(view)
  router.get(at('export.xlsx'), [Files, 'xlsx']).as('scenario_files.xlsx').use(view)
  router.get(at('print'), [Prints, 'scenario']).as('prints.scenario').use(view)
}

/** For guests too. */
function results(router: Router) {
  const files = [plugin.open('profit.view'), limitGuests('calculator-export', 30)]
  const pages = [plugin.open('profit.view'), limitGuests('calculator-shared', 60)]
  router.get('export.csv', [Exports, 'csv']).as('exports.csv').use(files)
  router.get('export.xlsx', [Exports, 'xlsx']).as('exports.xlsx').use(files)
  router.get('print', [Prints, 'show']).as('prints.show').use(pages)
  router.get('shared/:token', [Shared, 'show']).as('shared_results.show').use(pages)
  router.get('shared/:token/print', [Prints, 'shared']).as('prints.shared').use(pages)
}
