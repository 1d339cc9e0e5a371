import router from '@adonisjs/core/services/router'
import AuditEventsController from '#controllers/api/audit_events_controller'
import CustomersController from '#controllers/api/customers_controller'
import DocumentsController from '#controllers/api/documents_controller'
import MeController from '#controllers/api/me_controller'
import MembersController from '#controllers/api/members_controller'
import SitesController from '#controllers/api/sites_controller'
import { endpoint, listOf } from '#core/api'
import core from '#core/core'
import { open, signedIn } from '#core/open'
import { apiStack, middleware, pageStack } from '#start/kernel'
import * as schemas from '#validators/api'

const Tokens = () => import('#controllers/tokens_controller')
const TokenRevocations = () => import('#controllers/token_revocations_controller')

router
  .group(() => {
    router.get('tokens', [Tokens, 'index']).as('tokens.index').use(core.can('token.edit'))
    router.post('tokens', [Tokens, 'store']).as('tokens.store').use(core.can('token.edit'))
    router
      .post('tokens/:id/revocation', [TokenRevocations, 'store'])
      .as('token_revocations.store')
      .use(core.can('token.edit'))
  })
  .use(pageStack)

const documents = new DocumentsController()
const me = new MeController()
const sites = new SitesController()
const customers = new CustomersController()
const members = new MembersController()
const auditEvents = new AuditEventsController()

function documentEndpoints() {
  endpoint(router, {
    method: 'get',
    path: '/',
    name: 'index',
    guard: open(),
    summary: 'api.endpoint.index',
    response: schemas.index,
    handler: () => documents.index(),
  })
  endpoint(router, {
    method: 'get',
    path: 'openapi.json',
    name: 'openapi',
    guard: open(),
    summary: 'api.endpoint.openapi',
    response: schemas.document,
    handler: () => documents.show(),
  })
}

function ownEndpoints() {
  endpoint(router, {
    method: 'get',
    path: 'me',
    name: 'me.show',
    guard: signedIn(),
    summary: 'api.endpoint.me',
    response: schemas.me,
    handler: (request) => me.show(request),
  })
}

function siteEndpoints() {
  endpoint(router, {
    method: 'get',
    path: 'sites',
    name: 'sites.index',
    guard: core.can('site.view'),
    summary: 'api.endpoint.sites',
    query: schemas.listQuery,
    response: listOf(schemas.site),
    handler: (request) => sites.index(request),
  })
  endpoint(router, {
    method: 'get',
    path: 'sites/:id',
    name: 'sites.show',
    guard: core.can('site.view'),
    summary: 'api.endpoint.site',
    response: schemas.site,
    handler: (request) => sites.show(request),
  })
}

function customerEndpoints() {
  endpoint(router, {
    method: 'get',
    path: 'customers',
    name: 'customers.index',
    guard: core.can('customer.view'),
    summary: 'api.endpoint.customers',
    query: schemas.listQuery,
    response: listOf(schemas.customer),
    handler: (request) => customers.index(request),
  })
  endpoint(router, {
    method: 'get',
    path: 'customers/:id',
    name: 'customers.show',
    guard: core.can('customer.view'),
    summary: 'api.endpoint.customer',
    response: schemas.customer,
    handler: (request) => customers.show(request),
  })
}

function memberEndpoints() {
  endpoint(router, {
    method: 'get',
    path: 'members',
    name: 'members.index',
    guard: core.can('user.view'),
    summary: 'api.endpoint.members',
    query: schemas.listQuery,
    response: listOf(schemas.member),
    handler: (request) => members.index(request),
  })
}

function auditEndpoints() {
  endpoint(router, {
    method: 'get',
    path: 'audit-events',
    name: 'audit_events.index',
    guard: core.can('audit.view'),
    summary: 'api.endpoint.audit_events',
    query: schemas.auditQuery,
    response: listOf(schemas.auditEvent),
    handler: (request) => auditEvents.index(request),
  })
}

router.group(documentEndpoints).prefix('api/v1').as('api').use(middleware.locale())

router
  .group(() => {
    ownEndpoints()
    siteEndpoints()
    customerEndpoints()
    memberEndpoints()
    auditEndpoints()
  })
  .prefix('api/v1')
  .as('api')
  .use(apiStack)
