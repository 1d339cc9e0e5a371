/** Console entry: loads TypeScript on the fly, then the real console in bin/. */
import '@poppinss/ts-exec'

await import('./bin/console.ts')
