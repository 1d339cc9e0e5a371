import './htmx_global.js'
import 'htmx.org/dist/ext/hx-alpine-compat.js'
import Alpine from '@alpinejs/csp'
import './requests.js'
import './toasts.js'
import './menus.js'
import './dialogs.js'
import './tables.js'
import './forms.js'
import './time.js'
import './live.js'
import './figures.js'
import './print.js'
import { drawer } from './drawer.js'
import { palette } from './palette.js'
import { tabs } from './tabs.js'
import { password } from './password.js'
import { onContent } from './core.js'

window.Alpine = Alpine
Alpine.data('drawer', drawer)
Alpine.data('palette', palette)
Alpine.data('tabs', tabs)
Alpine.data('password', password)

// Charts are a chunk of their own, fetched only by pages that draw one.
onContent((root) => {
  if (root.matches?.('[data-chart]') || root.querySelector('[data-chart]'))
    import('./charts.js').then((m) => m.drawAll(root))
})

// Plugins' own modules register Alpine.data before this runs (module scripts run in document order, start waits for all of them).
document.addEventListener('DOMContentLoaded', () => Alpine.start(), { once: true })
if (document.readyState === 'complete') Alpine.start()
