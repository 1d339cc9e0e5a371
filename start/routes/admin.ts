import router from '@adonisjs/core/services/router'
import core from '#core/core'
import { signedIn } from '#core/open'
import { pageStack } from '#start/kernel'

const Sites = () => import('#controllers/sites_controller')
const SiteArchivals = () => import('#controllers/site_archivals_controller')
const Zones = () => import('#controllers/zones_controller')
const ZoneArchivals = () => import('#controllers/zone_archivals_controller')
const Customers = () => import('#controllers/customers_controller')
const CustomerArchivals = () => import('#controllers/customer_archivals_controller')
const Users = () => import('#controllers/users_controller')
const Suspensions = () => import('#controllers/membership_suspensions_controller')
const Endings = () => import('#controllers/membership_endings_controller')
const Extensions = () => import('#controllers/membership_extensions_controller')
const Invitations = () => import('#controllers/invitations_controller')
const InvitationSendings = () => import('#controllers/invitation_sendings_controller')
const Roles = () => import('#controllers/roles_controller')
const Plugins = () => import('#controllers/plugins_controller')
const PluginSettings = () => import('#controllers/plugin_settings_controller')
const Settings = () => import('#controllers/settings_controller')
const Tenants = () => import('#controllers/tenants_controller')
const TenantSuspensions = () => import('#controllers/tenant_suspensions_controller')
const Staff = () => import('#controllers/staff_controller')
const Audit = () => import('#controllers/audit_controller')
const Live = () => import('#controllers/live_controller')
const Palette = () => import('#controllers/palette_controller')
const SavedViews = () => import('#controllers/saved_views_controller')

const { can } = core

/** Forms of HTML know GET and POST only; undoing has a path of its own instead of DELETE. */
router
  .group(() => {
    router.get('sites', [Sites, 'index']).as('sites.index').use(can('site.view'))
    router.get('sites/create', [Sites, 'create']).as('sites.create').use(can('site.edit'))
    router.post('sites', [Sites, 'store']).as('sites.store').use(can('site.edit'))
    router.get('sites/:id', [Sites, 'show']).as('sites.show').use(can('site.view'))
    router.get('sites/:id/edit', [Sites, 'edit']).as('sites.edit').use(can('site.edit'))
    router.post('sites/:id', [Sites, 'update']).as('sites.update').use(can('site.edit'))
    router
      .post('sites/:id/archival', [SiteArchivals, 'store'])
      .as('sites.archive')
      .use(can('site.edit'))
    router
      .post('sites/:id/restoration', [SiteArchivals, 'destroy'])
      .as('sites.restore')
      .use(can('site.edit'))

    router
      .get('sites/:siteId/zones/create', [Zones, 'create'])
      .as('zones.create')
      .use(can('site.edit'))
    router.post('sites/:siteId/zones', [Zones, 'store']).as('zones.store').use(can('site.edit'))
    router.get('zones/:id/edit', [Zones, 'edit']).as('zones.edit').use(can('site.edit'))
    router.post('zones/:id', [Zones, 'update']).as('zones.update').use(can('site.edit'))
    router
      .post('zones/:id/archival', [ZoneArchivals, 'store'])
      .as('zones.archive')
      .use(can('site.edit'))
    router
      .post('zones/:id/restoration', [ZoneArchivals, 'destroy'])
      .as('zones.restore')
      .use(can('site.edit'))

    router.get('customers', [Customers, 'index']).as('customers.index').use(can('customer.view'))
    router
      .get('customers/create', [Customers, 'create'])
      .as('customers.create')
      .use(can('customer.edit'))
    router.post('customers', [Customers, 'store']).as('customers.store').use(can('customer.edit'))
    router.get('customers/:id', [Customers, 'show']).as('customers.show').use(can('customer.view'))
    router
      .get('customers/:id/edit', [Customers, 'edit'])
      .as('customers.edit')
      .use(can('customer.edit'))
    router
      .post('customers/:id', [Customers, 'update'])
      .as('customers.update')
      .use(can('customer.edit'))
    router
      .post('customers/:id/archival', [CustomerArchivals, 'store'])
      .as('customers.archive')
      .use(can('customer.edit'))
    router
      .post('customers/:id/restoration', [CustomerArchivals, 'destroy'])
      .as('customers.restore')
      .use(can('customer.edit'))
  })
  .use(pageStack)

router
  .group(() => {
    router.get('users', [Users, 'index']).as('users.index').use(can('user.view'))
    router
      .get('users/invitations', [Invitations, 'index'])
      .as('invitations.index')
      .use(can('user.view'))
    router
      .get('users/invitations/create', [Invitations, 'create'])
      .as('invitations.create')
      .use(can('user.invite'))
    router
      .post('users/invitations', [Invitations, 'store'])
      .as('invitations.store')
      .use(can('user.invite'))
    router
      .post('users/invitations/:id/sending', [InvitationSendings, 'store'])
      .as('invitations.resend')
      .use(can('user.invite'))
    router
      .post('users/invitations/:id/revocation', [Invitations, 'destroy'])
      .as('invitations.revoke')
      .use(can('user.invite'))
    router.get('users/:id', [Users, 'show']).as('users.show').use(can('user.view'))
    router.get('users/:id/edit', [Users, 'edit']).as('users.edit').use(can('user.edit'))
    router.post('users/:id', [Users, 'update']).as('users.update').use(can('user.edit'))
    router
      .post('users/:id/suspension', [Suspensions, 'store'])
      .as('users.suspend')
      .use(can('user.edit'))
    router
      .post('users/:id/resumption', [Suspensions, 'destroy'])
      .as('users.resume')
      .use(can('user.edit'))
    router
      .post('users/:id/extension', [Extensions, 'store'])
      .as('users.extend')
      .use(can('user.edit'))
    router.post('users/:id/ending', [Endings, 'store']).as('users.end').use(can('user.edit'))
    router
      .post('users/:id/reinstatement', [Endings, 'destroy'])
      .as('users.reinstate')
      .use(can('user.edit'))
  })
  .use(pageStack)

router
  .group(() => {
    router.get('roles', [Roles, 'index']).as('roles.index').use(can('role.view'))
    router
      .post('roles/:role/permissions', [Roles, 'update'])
      .as('roles.update')
      .use(can('role.edit'))
    router.post('roles/:role/reset', [Roles, 'destroy']).as('roles.reset').use(can('role.edit'))

    router.get('plugins', [Plugins, 'index']).as('plugins.index').use(can('plugin.view'))
    router.get('plugins/:name', [Plugins, 'show']).as('plugins.show').use(can('plugin.view'))
    router
      .post('plugins/:name/activation', [Plugins, 'store'])
      .as('plugins.enable')
      .use(can('plugin.edit'))
    router
      .post('plugins/:name/deactivation', [Plugins, 'destroy'])
      .as('plugins.disable')
      .use(can('plugin.edit'))
    router
      .get('plugins/:name/settings', [PluginSettings, 'edit'])
      .as('plugin_settings.edit')
      .use(can('setting.edit'))
    router
      .post('plugins/:name/settings', [PluginSettings, 'update'])
      .as('plugin_settings.update')
      .use(can('setting.edit'))

    router.get('settings', [Settings, 'edit']).as('settings.edit').use(can('tenant.edit'))
    router.post('settings', [Settings, 'update']).as('settings.update').use(can('tenant.edit'))
    router.get('audit', [Audit, 'index']).as('audit.index').use(can('audit.view'))
    router.get('audit/:id', [Audit, 'show']).as('audit.show').use(can('audit.view'))
  })
  .use(pageStack)

router
  .group(() => {
    router.get('tenants', [Tenants, 'index']).as('tenants.index').use(can('platform.view'))
    router.get('tenants/create', [Tenants, 'create']).as('tenants.create').use(can('platform.edit'))
    router.post('tenants', [Tenants, 'store']).as('tenants.store').use(can('platform.edit'))
    router.get('tenants/:id', [Tenants, 'show']).as('tenants.show').use(can('platform.view'))
    router
      .post('tenants/:id/suspension', [TenantSuspensions, 'store'])
      .as('tenants.suspend')
      .use(can('platform.edit'))
    router
      .post('tenants/:id/resumption', [TenantSuspensions, 'destroy'])
      .as('tenants.resume')
      .use(can('platform.edit'))
    router.get('staff', [Staff, 'index']).as('staff.index').use(can('platform.view'))
    router.post('staff', [Staff, 'store']).as('staff.store').use(can('staff.edit'))
    router.post('staff/:id/removal', [Staff, 'destroy']).as('staff.remove').use(can('staff.edit'))

    router.get('live', [Live, 'show']).as('live.show').use(signedIn())
    router.get('palette', [Palette, 'index']).as('palette.index').use(signedIn())
    router.post('views', [SavedViews, 'store']).as('views.store').use(can('view.edit'))
    router
      .post('views/:id/removal', [SavedViews, 'destroy'])
      .as('views.remove')
      .use(can('view.edit'))
  })
  .use(pageStack)
