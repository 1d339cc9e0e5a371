import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { FsLoader, type BaseCommand } from '@adonisjs/core/ace'
import type { CommandMetaData } from '@adonisjs/core/types/ace'
import { installed } from '#services/registry'

const folders = ['app/commands', 'commands', ...installed.map((plugin) => plugin.path('commands'))]
  .map((folder) => fileURLToPath(new URL(`../../${folder}`, import.meta.url)))
  .filter((folder) => existsSync(folder))

const loaders = folders.map((folder) => new FsLoader<typeof BaseCommand>(folder))

/** The console commands of the core and of every installed plugin. */
export async function getMetaData() {
  const lists = await Promise.all(loaders.map((loader) => loader.getMetaData()))
  return lists.flat()
}

export async function getCommand(metaData: CommandMetaData) {
  for (const loader of loaders) {
    const command = await loader.getCommand(metaData)
    if (command) return command
  }
  return null
}
