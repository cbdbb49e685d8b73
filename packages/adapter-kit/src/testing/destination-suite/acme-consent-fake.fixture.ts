import type { Input } from '@millrace/core'
import { startFaultServer } from '../fault-server.ts'
import type { ReceivedRequest } from '../fault.ts'
import type { DestinationFake } from './fake.ts'

interface Permission {
  status: 'granted' | 'denied'
  /** Counts up with every change. */
  at: number
}

interface Row {
  id?: string
  key: string
  email: string
  topic?: string
  status?: 'granted' | 'denied'
  force?: boolean
  move?: boolean
}

/** The little vendor with permissions by address and topic: it refuses an opt-in over an opt-out unless forced, and tells what changed since a mark. */
export async function startAcmeConsent(): Promise<DestinationFake> {
  const people = new Map<string, { id: string; key: string; email: string }>()
  let last = 0
  const permissions = new Map<string, Map<string, Permission>>()
  let mark = 0

  const permit = (email: string, topic: string, status: Permission['status']): void => {
    mark += 1
    const own = permissions.get(email) ?? new Map<string, Permission>()
    permissions.set(email, own.set(topic, { status, at: mark }))
  }
  const told = (wanted: (email: string, permission: Permission) => boolean): object[] =>
    [...permissions].flatMap(([email, own]) =>
      [...own].flatMap(([topic, permission]) => (wanted(email, permission) ? [{ email, topic, status: permission.status }] : [])),
    )

  const save = ({ key, id = '', email, topic, status, force, move }: Row): object => {
    const address = email.toLowerCase()
    if (topic === undefined || status === undefined) {
      const known = people.get(id) ?? [...people.values()].find((person) => person.key === key)
      const one = { id: known?.id ?? String((last += 1)), key, email: address }
      people.set(one.id, one)
      // With a new address somebody starts anew, unless the call says that they are the same.
      const said = known === undefined || known.email === address ? undefined : permissions.get(known.email)
      if (said !== undefined && known !== undefined) {
        permissions.delete(known.email)
        if (move === true) permissions.set(address, said)
      }
      return { key, id: one.id, created: known === undefined }
    }
    const refused = status === 'granted' && force !== true && permissions.get(address)?.get(topic)?.status === 'denied'
    if (!refused) permit(address, topic, status)
    return { key: `${key} ${topic}`, refused }
  }

  function answer({ method, path, query, headers, text }: ReceivedRequest): { status: number; body: unknown } {
    if (headers.authorization !== 'Bearer acme-key') return { status: 401, body: {} }
    if (method === 'POST' && path === '/batch') {
      const rows: Row[] = JSON.parse(text).rows
      const bad = rows.find(({ email }) => !/^[^@\s]+@[^@\s]+$/.test(email))
      if (bad !== undefined) return { status: 422, body: { code: 'invalid_email', message: `${bad.email} is no e-mail` } }
      return { status: 200, body: { results: rows.map(save) } }
    }
    if (method === 'DELETE') return { status: people.delete(path.replace('/people/', '')) ? 204 : 404, body: '' }
    const params = new URLSearchParams(query)
    const emails = new Set(params.getAll('email').map((email) => email.toLowerCase()))
    const since = Number(params.get('since') ?? 0)
    const wanted = path === '/permissions' ? (email: string) => emails.has(email) : (_: string, { at }: Permission) => at > since
    return { status: 200, body: { results: told(wanted), mark } }
  }

  const server = await startFaultServer({ target: answer })
  const emailOf = ({ fields }: Input): string => String(fields.email).toLowerCase()
  return {
    url: server.url,
    sample: (_, n) => ({ fields: { email: `Person.${n}@Example.com` } }),
    poison: (input) => ({ ...input, fields: { email: `nowhere ${input.key}` } }),
    count: (object) =>
      object === 'person'
        ? people.size
        : [...permissions.values()].filter((own) => [...own.values()].some(({ status }) => status === 'denied')).length,
    keyOf: (_, remoteId) => people.get(remoteId)?.key,
    fieldsOf: (_, remoteId) => people.get(remoteId),
    consent: {
      status: (person, topic) => permissions.get(emailOf(person))?.get(topic)?.status ?? 'unknown',
      set: (person, topic, status) => permit(emailOf(person), topic, status),
    },
    close: () => server.close(),
  }
}
