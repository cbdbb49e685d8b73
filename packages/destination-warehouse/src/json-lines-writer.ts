import { createReadStream } from 'node:fs'
import { access, mkdir, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { FieldValue, ListedObject } from '@millrace/adapter-kit'
import type { Row } from './row.ts'
import type { Writer } from './writer.ts'

type Line = Row & { written_at: string; erased_at?: string }

/** A line that was cut by a crash is not there: its row is written again. */
const parse = (text: string): Line | undefined => {
  try {
    // Only this file writes these lines.
    return JSON.parse(text) as Line
  } catch {
    return undefined
  }
}

/**
 * Keeps the log in a directory: `<object>.ndjson`, one line for each state of an object. What is now is the line of the highest revision of each key. A row may
 * stand twice with the same revision after a crash, as in every log that is written before it is acknowledged.
 */
export const jsonLinesWriter = (directory: string): Writer => {
  const pathOf = (object: string): string => join(directory, `${object}.ndjson`)

  const isThere = async (path: string): Promise<boolean> =>
    access(path).then(
      () => true,
      () => false,
    )

  async function* linesOf(object: string): AsyncGenerator<Line> {
    if (!(await isThere(pathOf(object)))) return
    for await (const text of createInterface({ input: createReadStream(pathOf(object), 'utf8'), crlfDelay: Infinity })) {
      const line = parse(text)
      if (line !== undefined) yield line
    }
  }

  /** Keys, and those that guests who registered had before: their last line names the new key. */
  const withFormer = async (object: string, keys: readonly string[]): Promise<Set<string>> => {
    const former = new Map<string, string[]>()
    for await (const { operation, key, parents } of linesOf(object)) {
      if (operation !== 'archive') continue
      for (const parent of parents) if (parent.object === object) former.set(parent.key, [...(former.get(parent.key) ?? []), key])
    }
    const found = new Set(keys)
    for (const key of found) for (const one of former.get(key) ?? []) found.add(one)
    return found
  }

  const appendTo = async (path: string, lines: readonly string[]): Promise<void> => {
    const file = await open(path, 'a+')
    try {
      const { size } = await file.stat()
      const last = size === 0 ? '\n' : (await file.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString()
      await file.appendFile(`${last === '\n' ? '' : '\n'}${lines.map((line) => `${line}\n`).join('')}`)
      await file.sync()
    } finally {
      await file.close()
    }
  }

  return {
    async append(rows) {
      const written_at = new Date().toISOString()
      for (const [object, group] of Map.groupBy(rows, (row) => row.object))
        await appendTo(
          pathOf(object),
          group.map((row) => JSON.stringify({ ...row, written_at })),
        )
    },
    refusal: () => undefined,
    async prepare() {
      await mkdir(directory, { recursive: true })
    },
    missing: async () => ((await isThere(directory)) ? [] : [`directory ${directory}`]),
    async check() {
      if (await isThere(directory)) return [{ level: 'ok', code: 'warehouse_ready', message: 'The directory is there.' }]
      return [{ level: 'error', code: 'warehouse_not_prepared', message: 'The directory is not there yet.', cure: 'Run `millrace apply`.' }]
    },
    async *list(object, fields) {
      const now = new Map<string, Line>()
      for await (const line of linesOf(object)) if (line.revision >= (now.get(line.key)?.revision ?? 0)) now.set(line.key, line)
      yield [...now.values()]
        .filter((line) => line.operation === 'upsert' && line.erased_at === undefined)
        .map((line): ListedObject => ({
          object,
          key: line.key,
          remoteId: `${object}/${line.key}`,
          // What was mapped are field values.
          fields: Object.fromEntries(fields.flatMap((name) => (name in line.fields ? [[name, line.fields[name] as FieldValue]] : []))),
        }))
    },
    async erase(keys, now) {
      let held = 0
      for (const [object, group] of Map.groupBy(keys, (key) => key.object)) {
        const gone = await withFormer(
          object,
          group.map(({ key }) => key),
        )
        const kept: string[] = []
        let changed = false
        for await (const line of linesOf(object)) {
          const erase = gone.has(line.key) && line.erased_at === undefined
          if (erase) held += 1
          changed ||= erase
          const empty = { ...line, fields: {}, children: [], parents: [], consent: [], erased_at: new Date(now).toISOString() }
          kept.push(JSON.stringify(erase ? empty : line))
        }
        if (!changed) continue
        // Written beside and put in place at once, so that a crash leaves the old file or the new one.
        await appendTo(`${pathOf(object)}.new`, kept)
        await rename(`${pathOf(object)}.new`, pathOf(object))
      }
      return held
    },
    close: async () => {},
  }
}
