/*
|--------------------------------------------------------------------------
| Routes of the core
|--------------------------------------------------------------------------
|
| One file per room; every route names its permission with core.can(), or
| says with open() that anybody may use it.
|
*/

import './routes/public.js'
import './routes/identity.js'
import './routes/admin.js'
import './routes/api.js'
import './routes/jobs.js'
