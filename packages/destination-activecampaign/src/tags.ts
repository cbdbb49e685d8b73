import type { Client } from './client.ts'
import { isDuplicate } from './errors.ts'
import { member, textOf } from './json.ts'
import { pagesOf } from './pages.ts'

/** The tags of an account by name. Names count without case. */
export interface Tags {
  /** The id of a tag; made when there is none. */
  idOf(name: string, signal: AbortSignal): Promise<string>
  forget(name: string): void
}

/** Looks a tag up once and keeps its id: a peer spends five calls per contact for lack of that (vendor notes, "Clients and peers"). */
export const createTags = (client: Client): Tags => {
  const known = new Map<string, Promise<string>>()

  const search = async (name: string, signal: AbortSignal): Promise<string | undefined> => {
    // The search finds parts of names too, so the tag may stand behind many others.
    for await (const { rows } of pagesOf(client, { path: 'tags', name: 'tags', query: { search: name }, signal })) {
      const row = rows.find((tag) => textOf(tag, 'tag')?.toLowerCase() === name.toLowerCase())
      if (row !== undefined) return textOf(row, 'id')
    }
    return undefined
  }

  const make = async (name: string, signal: AbortSignal): Promise<string> => {
    const found = await search(name, signal)
    if (found !== undefined) return found
    const call = 'creation of a tag'
    const tag = { tag: name, tagType: 'contact', description: 'Kept by Millrace.' }
    const reply = await client.send({ method: 'POST', path: 'tags', body: { tag }, call, signal })
    const id = textOf(member(reply.body, 'tag'), 'id') ?? (isDuplicate(reply.body) ? await search(name, signal) : undefined)
    if (id === undefined) throw client.error(reply, call)
    return id
  }

  return {
    idOf(name, signal) {
      const folded = name.toLowerCase()
      const held = known.get(folded)
      if (held !== undefined) return held
      const reading = make(name, signal)
      known.set(folded, reading)
      reading.catch(() => known.delete(folded))
      return reading
    },
    forget: (name) => void known.delete(name.toLowerCase()),
  }
}
