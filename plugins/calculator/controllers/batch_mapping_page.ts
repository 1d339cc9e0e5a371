import type { HttpContext } from '@adonisjs/core/http'
import { messagesOf } from '#core/messages'
import { readingValidator } from '../batch_validators.js'
import type Batch from '../models/batch.js'
import plugin from '../plugin.js'
import { refusalSentence } from '../services/batch_answers.js'
import { type AskedReading, withoutEmpty } from '../services/batch_mapping.js'
import {
  delimiterChoices,
  mappingFields,
  previewOf,
  sharedFields,
} from '../services/batch_preview.js'

type Errors = Record<string, string[]>

interface Asked {
  asked: AskedReading
  errors: Errors
}

/** A file that waits for somebody to look over how it is read: the choice is in the address. */
export async function showMapping(ctx: HttpContext, batch: Batch) {
  const typed = ctx.request.qs()
  const { asked, errors } = await readChoice(ctx)
  const { preview, refusal } = await previewOrGuess(ctx, batch, asked)
  const shared = (typed.shared ?? {}) as Record<string, string>
  const { i18n } = ctx
  return ctx.view.render('calculator::batch/mapping', {
    batch,
    preview,
    refusal,
    errors,
    fields: mappingFields(preview, i18n),
    shared: sharedFields({ preview, typed: shared, errors, i18n }),
    isSharedOpen: Object.values(shared).some((value) => value !== ''),
    delimiters: delimiterChoices(i18n),
    mayRun: plugin.allows('batch.run'),
  })
}

/** What cannot be used is said beside its field; the preview goes by the rest. */
async function readChoice({ request, i18n }: HttpContext): Promise<Asked> {
  const data = withoutEmpty(request.qs())
  try {
    return { asked: await request.validateUsing(readingValidator, { data }), errors: {} }
  } catch (error) {
    const errors = messagesOf(error, i18n)
    if (!errors) throw error
    const { shared: _, ...rest } = data
    const [refusal, asked] = await readingValidator.tryValidate(rest)
    return { asked: refusal ? {} : asked, errors }
  }
}

async function previewOrGuess(ctx: HttpContext, batch: Batch, asked: AskedReading) {
  try {
    return { preview: await previewOf(batch, asked, ctx.i18n), refusal: null }
  } catch (error) {
    const refusal = refusalSentence(error, ctx)
    return { preview: await previewOf(batch, {}, ctx.i18n), refusal }
  }
}
