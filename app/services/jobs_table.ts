import type { I18n } from '@adonisjs/i18n'
import type { TableDefinition } from '#core/table'
import { jobNames } from '#services/jobs_catalog'
import { labelOf, RUN_STATES } from '#services/jobs_runs'

/** Runs of a tenant as a table, newest first. */
export const runsTable = (i18n: I18n): TableDefinition => ({
  key: 'core.jobs',
  caption: 'core.nav.jobs',
  columns: [
    { key: 'job', label: 'jobs.column.job', sort: 'job_runs.job' },
    { key: 'state', label: 'jobs.column.state', type: 'state', sort: 'job_runs.state' },
    { key: 'progress', label: 'jobs.column.progress', csv: (row) => Number(row.progress_done) },
    { key: 'attempts', label: 'jobs.column.attempts', type: 'number', sort: 'job_runs.attempts' },
    { key: 'actor_name', label: 'jobs.column.asked_by' },
    { key: 'created_at', label: 'jobs.column.created', type: 'time', sort: 'job_runs.created_at' },
    {
      key: 'finished_at',
      label: 'jobs.column.finished',
      type: 'time',
      sort: 'job_runs.finished_at',
    },
    { key: 'error', label: 'jobs.column.error' },
  ],
  defaultSort: { key: 'created_at', dir: 'desc' },
  filters: [
    {
      key: 'state',
      label: 'jobs.column.state',
      options: RUN_STATES.map((value) => ({ value, label: `jobs.state.${value}` })),
      apply: (query, value) => query.where('job_runs.state', value),
    },
    {
      key: 'job',
      label: 'jobs.column.job',
      options: jobNames().map((value) => ({ value, label: labelOf(value, i18n), plain: true })),
      apply: (query, value) => query.where('job_runs.job', value),
    },
  ],
  tieBreaker: 'job_runs.id',
})
