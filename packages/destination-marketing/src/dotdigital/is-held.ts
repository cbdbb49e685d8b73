import { isObject } from './json.ts'

const sameText = (a: string, b: string): boolean => a === b || (Date.parse(a) === Date.parse(b) && /^\d{4}-\d{2}-\d{2}/.test(a))

/** Whether a document holds all that was sent. More may stand there; a time may be written in another form. */
export const isHeld = (held: unknown, sent: unknown): boolean => {
  if (Array.isArray(sent)) return Array.isArray(held) && held.length === sent.length && sent.every((one, index) => isHeld(held[index], one))
  if (isObject(sent)) return isObject(held) && Object.entries(sent).every(([name, value]) => isHeld(held[name], value))
  return held === sent || sameText(String(held), String(sent))
}
