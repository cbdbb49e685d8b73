import { startFaultServer, type FaultServer, type FaultServerReply, type ReceivedRequest } from '@millrace/adapter-kit/testing'

interface Held {
  id: string
  email: string
  status: string
  fields: Record<string, string | number | boolean | null>
}

/** A tiny Mailbird: one subscriber per address, ids never used again, fields with at most 200 characters. */
export interface MailbirdFake {
  url: string
  subscribers(): readonly Held[]
  plant(email: string): string
  close(): Promise<void>
}

export const startMailbird = async (apiKey: string): Promise<MailbirdFake> => {
  const held = new Map<string, Held>()
  let last = 0

  const add = (email: string, status: string): Held => {
    const made = { id: `s${(last += 1)}`, email, status, fields: {} }
    held.set(made.id, made)
    return made
  }
  const byEmail = (email: string): Held | undefined => [...held.values()].find((one) => one.email === email.toLowerCase())
  const byPath = (path: string): Held | undefined => {
    const [, , first = '', second = ''] = path.split('/').map(decodeURIComponent)
    return first === 'id' ? held.get(second) : byEmail(first)
  }

  const answer = ({ method, path, headers, text }: ReceivedRequest): FaultServerReply => {
    if (headers['authorization'] !== `Bearer ${apiKey}`) return { status: 401, body: {} }
    const known = byPath(path)
    if (method === 'GET') return known === undefined ? { status: 404, body: {} } : { status: 200, body: known }
    if (method === 'DELETE') return held.delete(known?.id ?? '') ? { status: 200, body: {} } : { status: 404, body: {} }
    const { email, fields, blankFields, onCreate } = JSON.parse(text) as {
      email: string
      fields: object
      blankFields: object
      onCreate: { status?: string }
    }
    if (Object.values(fields).some((value) => String(value).length > 200)) return { status: 422, body: { code: 'TOO_LONG' } }
    if (known === undefined && path.startsWith('/subscribers/id/')) return { status: 404, body: {} }
    const other = byEmail(email)
    if (other !== undefined && known !== undefined && other !== known) return { status: 409, body: {} }
    // Like its big sisters: who says nothing gets a subscriber that can be mailed.
    const subscriber = known ?? add(email.toLowerCase(), onCreate.status ?? 'active')
    subscriber.email = email.toLowerCase()
    subscriber.fields = { ...blankFields, ...subscriber.fields, ...fields }
    return { status: known === undefined ? 201 : 200, body: subscriber }
  }

  const server: FaultServer = await startFaultServer({ target: answer })
  return {
    url: server.url,
    subscribers: () => [...held.values()],
    plant: (email) => add(email.toLowerCase(), 'active').id,
    close: () => server.close(),
  }
}
