import app from '@adonisjs/core/services/app'
import router from '@adonisjs/core/services/router'
import core from '#core/core'
import { open, signedIn } from '#core/open'
import env from '#start/env'
import { pageStack } from '#start/kernel'

const Session = () => import('#controllers/session_controller')
const SessionCode = () => import('#controllers/session_code_controller')
const Setup = () => import('#controllers/setup_controller')
const PasswordResets = () => import('#controllers/password_resets_controller')
const EmailVerifications = () => import('#controllers/email_verifications_controller')
const Acceptances = () => import('#controllers/invitation_acceptances_controller')
const Account = () => import('#controllers/account_controller')
const AccountSecurity = () => import('#controllers/account_security_controller')
const Passwords = () => import('#controllers/passwords_controller')
const Totp = () => import('#controllers/totp_controller')
const RecoveryCodes = () => import('#controllers/recovery_codes_controller')
const Sessions = () => import('#controllers/sessions_controller')
const SessionEndings = () => import('#controllers/session_endings_controller')
const SignIns = () => import('#controllers/sign_ins_controller')
const Mails = () => import('#controllers/mails_controller')

function doors() {
  router.get('sign-in', [Session, 'create']).as('session.create').use(open())
  router.post('sign-in', [Session, 'store']).as('session.store').use(open())
  router.get('sign-in/code', [SessionCode, 'create']).as('session_code.create').use(open())
  router.post('sign-in/code', [SessionCode, 'store']).as('session_code.store').use(open())
  router.post('sign-out', [Session, 'destroy']).as('session.destroy').use(signedIn())
  router.get('setup', [Setup, 'create']).as('setup.create').use(open())
  router.post('setup', [Setup, 'store']).as('setup.store').use(open())
}

/** Mailed links: whoever holds one may use it. */
function links() {
  router.get('forgot-password', [PasswordResets, 'create']).as('password_resets.create').use(open())
  router.post('forgot-password', [PasswordResets, 'store']).as('password_resets.store').use(open())
  router
    .get('reset-password/:token', [PasswordResets, 'edit'])
    .as('password_resets.edit')
    .use(open())
  router
    .post('reset-password/:token', [PasswordResets, 'update'])
    .as('password_resets.update')
    .use(open())
  router
    .get('verify-email/:token', [EmailVerifications, 'edit'])
    .as('email_verifications.edit')
    .use(open())
  router
    .post('verify-email/:token', [EmailVerifications, 'update'])
    .as('email_verifications.update')
    .use(open())
  router.get('invitation/:token', [Acceptances, 'create']).as('acceptances.create').use(open())
  router.post('invitation/:token', [Acceptances, 'store']).as('acceptances.store').use(open())
}

function account() {
  router.get('/', [Account, 'show']).as('account.show').use(signedIn())
  router.post('/', [Account, 'update']).as('account.update').use(signedIn())
  router
    .post('verification', [EmailVerifications, 'store'])
    .as('email_verifications.store')
    .use(signedIn())
  router.get('security', [AccountSecurity, 'show']).as('account_security.show').use(signedIn())
  router.post('password', [Passwords, 'update']).as('passwords.update').use(signedIn())
  router.get('totp', [Totp, 'create']).as('totp.create').use(signedIn())
  router.post('totp', [Totp, 'store']).as('totp.store').use(signedIn())
  router.post('totp/end', [Totp, 'destroy']).as('totp.destroy').use(signedIn())
  router.post('recovery-codes', [RecoveryCodes, 'store']).as('recovery_codes.store').use(signedIn())
  router.get('sessions', [Sessions, 'index']).as('sessions.index').use(signedIn())
  router.post('sessions/:id/end', [Sessions, 'destroy']).as('sessions.destroy').use(signedIn())
  router.post('sessions/end', [SessionEndings, 'store']).as('session_endings.store').use(signedIn())
  router.get('sign-ins', [SignIns, 'index']).as('sign_ins.index').use(signedIn())
}

/** Stored mails exist as a page only where no mail server is set and this is no real installation. */
function mails() {
  const isDemo = env.get('DEMO') !== '0'
  if (env.get('SMTP_URL') || (app.inProduction && !isDemo)) return
  const guard = () => (isDemo ? open() : core.can('staff.edit'))
  router.get('mail', [Mails, 'index']).as('mails.index').use(guard())
  router.get('mail/:id', [Mails, 'show']).as('mails.show').use(guard())
}

router
  .group(() => {
    doors()
    links()
    mails()
  })
  .use(pageStack)
router.group(account).prefix('account').use(pageStack)
