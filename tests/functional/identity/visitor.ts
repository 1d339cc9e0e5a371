import db from '@adonisjs/lucid/services/db'
import env from '#start/env'
import type User from '#models/user'
import { backgroundDone } from '#services/background'
import { storedMails } from '#services/mail_files'
import { sessionCookie } from '#tests/session_client'

export const PASSWORD = 'kestrel-violin-harbour-92'
export const OTHER_PASSWORD = 'lantern-orchid-granite-47'

/** A browser without a screen: keeps cookies, follows no redirect, sends forms with their CSRF token. */
export class Visitor {
  cookies = new Map<string, string>()
  private referer: string | undefined

  constructor(private language = 'en') {}

  static async signedIn(user: User, data: Record<string, string | number> = {}) {
    const visitor = new Visitor()
    const { name, value } = await sessionCookie(user, data)
    visitor.cookies.set(name, value)
    return visitor
  }

  async visit(path: string) {
    const answer = await this.send(path, { method: 'GET' })
    this.referer = this.url(path)
    return answer
  }

  /** Opens the page of the form, then sends it. */
  async submit(page: string, fields: Record<string, string>, action = page) {
    const { text } = await this.visit(page)
    return this.post(action, { _csrf: tokenIn(text), ...fields })
  }

  post(path: string, fields: Record<string, string>) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.send(path, {
      method: 'POST',
      body: new URLSearchParams(fields).toString(),
      headers,
    })
  }

  private url = (path: string) => `http://127.0.0.1:${env.get('PORT')}${path}`

  private async send(
    path: string,
    init: { method: string; body?: string; headers?: Record<string, string> }
  ) {
    const headers: Record<string, string> = {
      'accept-language': this.language,
      'cookie': [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(this.referer ? { referer: this.referer } : {}),
      ...init.headers,
    }
    const response = await fetch(this.url(path), { ...init, headers, redirect: 'manual' })
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = line.split(';')[0]!.split(/=(.*)/s)
      this.cookies.set(name!, value!)
    }
    const location = response.headers.get('location')
    return {
      status: response.status,
      location,
      headers: response.headers,
      text: await response.text(),
    }
  }
}

export const tokenIn = (html: string) =>
  /name=['"]_csrf['"] value=['"]([^'"]+)/.exec(html)?.[1] ?? ''

/** Everybody here comes from one address; no test starts with the failures of another. */
export const forgetFailures = () => db.connection('login').from('sign_in_throttles').delete()

export const login = () => db.connection('login')

/** The mails to this address, newest first, once all background work is done. */
export async function mailsTo(email: string) {
  await backgroundDone()
  const mails = await storedMails()
  return mails.filter(({ to }) => to.includes(email))
}

/** The path of the link in the newest mail to this address. */
export async function linkTo(email: string) {
  const [mail] = await mailsTo(email)
  const link = /https?:\/\/\S+/.exec(mail?.text ?? '')?.[0]
  if (!link) throw new Error(`no link was mailed to ${email}`)
  return new URL(link).pathname
}

export const accountEvents = async (userId: string): Promise<string[]> => {
  const rows = await login()
    .from('account_events')
    .where('subject_id', userId)
    .orderBy('occurred_at')
  return rows.map(({ name }) => name)
}
