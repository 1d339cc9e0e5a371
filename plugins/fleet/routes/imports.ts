import type { Router } from '@adonisjs/core/http'
import plugin from '../plugin.js'

const Imports = () => import('../controllers/imports_controller.js')
const Files = () => import('../controllers/import_files_controller.js')

/** Lists of miners: below /fleet/import. */
export default function importRoutes(router: Router) {
  const may = () => plugin.can('list.import')
  router
    .group(() => {
      router.get('/', [Imports, 'index']).as('index').use(may())
      router.post('/', [Imports, 'store']).as('store').use(may())
      router.get('template.csv', [Files, 'template']).as('template').use(may())
      router.get('miners.csv', [Files, 'miners']).as('miners_csv').use(may())
      router.get('miners.xlsx', [Files, 'minersXlsx']).as('miners_xlsx').use(may())
      router.get(':id', [Imports, 'show']).as('show').use(may())
      router.post(':id/reading', [Imports, 'update']).as('reread').use(may())
      router.post(':id/check', [Imports, 'check']).as('check').use(may())
      router.post(':id/reopening', [Imports, 'reopen']).as('reopen').use(may())
      router.post(':id/application', [Imports, 'apply']).as('apply').use(may())
      router.post(':id/removal', [Imports, 'destroy']).as('destroy').use(may())
      router.get(':id/left.csv', [Files, 'left']).as('left').use(may())
    })
    .prefix('import')
    .as('imports')
}
