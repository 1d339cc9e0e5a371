import type { Router } from '@adonisjs/core/http'
import plugin from '../plugin.js'

const Batches = () => import('../controllers/batches_controller.js')
const Runs = () => import('../controllers/batch_runs_controller.js')
const Files = () => import('../controllers/batch_files_controller.js')

/** Pages of the batch calculator. */
export function batchRoutes(router: Router) {
  const view = plugin.can('batch.view')
  const run = plugin.can('batch.run')
  router.get('batches', [Batches, 'index']).as('batches.index').use(view)
  router.post('batches', [Batches, 'store']).as('batches.store').use(run)
  router.get('batches/template.csv', [Files, 'templateCsv']).as('batches.template_csv').use(view)
  router.get('batches/template.xlsx', [Files, 'templateXlsx']).as('batches.template_xlsx').use(view)
  router.get('batches/:id', [Batches, 'show']).as('batches.show').use(view)
  router.post('batches/:id/removal', [Batches, 'destroy']).as('batches.destroy').use(run)
  router.post('batches/:id/run', [Runs, 'store']).as('batch_runs.store').use(run)
  router.get('batches/:id/progress', [Runs, 'show']).as('batch_runs.show').use(view)
  router.post('batches/:id/cancellation', [Runs, 'destroy']).as('batch_runs.destroy').use(run)
  router.post('batches/:id/reopening', [Runs, 'update']).as('batch_runs.update').use(run)
  router.get('batches/:id/faults', [Files, 'faults']).as('batch_files.faults').use(view)
  router.get('batches/:id/faults.csv', [Files, 'faultsCsv']).as('batch_files.faults_csv').use(view)
  router.get('batches/:id/results.csv', [Files, 'csv']).as('batch_files.csv').use(view)
  router.get('batches/:id/results.xlsx', [Files, 'xlsx']).as('batch_files.xlsx').use(view)
}
