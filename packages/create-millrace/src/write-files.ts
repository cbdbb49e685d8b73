import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { MillraceError } from '@millrace/core'

/** Texts by path, relative to the directory they go into. */
export type Files = Readonly<Record<string, string>>

const exists = async (path: string): Promise<boolean> => {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}

/** Throws MillraceError `file_exists` naming the first of `paths` that is there. */
export const refuseExisting = async (paths: readonly string[]): Promise<void> => {
  for (const path of paths)
    if (await exists(path))
      throw new MillraceError({
        code: 'file_exists',
        field: path,
        message: `${path} is already there and is left as it is. Move it away, or choose another directory.`,
      })
}

/** Throws MillraceError `directory_not_empty` when there is anything in it but version control. One that is not there yet is empty. */
export const refuseFilled = async (directory: string): Promise<void> => {
  const names = (await exists(directory)) ? await readdir(directory) : []
  if (names.every((name) => name === '.git')) return
  throw new MillraceError({
    code: 'directory_not_empty',
    field: directory,
    message: `${directory} is not empty, and nothing in it is overwritten. Choose another name, or an empty directory.`,
  })
}

/** Writes new files and returns their paths in order. What appeared meanwhile is not overwritten either: `file_exists`. */
export const writeFiles = async (directory: string, files: Files): Promise<string[]> => {
  const paths = Object.entries(files).map(([name, text]) => ({ path: join(directory, name), text }))
  await refuseExisting(paths.map(({ path }) => path))
  for (const { path, text } of paths) {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: 'wx' })
  }
  return paths.map(({ path }) => path)
}
