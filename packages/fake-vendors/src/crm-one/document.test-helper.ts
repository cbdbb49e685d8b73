/** The published OpenAPI document, as a check of what the server says: every raw request of every test goes through it. */
import { readFileSync } from 'node:fs'

import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse } from 'yaml'

import { isJsonObject } from '../http/index.ts'

const file = `${import.meta.dirname}/../../../../docs/crm-one/openapi.yaml`
const parsed: unknown = parse(readFileSync(file, 'utf8'))
const root = isJsonObject(parsed) ? parsed : {}
const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
ajv.addSchema(root, 'openapi')

function member(value: unknown, ...path: readonly string[]): Record<string, unknown> {
  let found: unknown = value
  for (const name of path) found = isJsonObject(found) ? found[name] : undefined
  return isJsonObject(found) ? found : {}
}

const methods = ['get', 'put', 'post', 'delete']

/** Every operation of the document: `PUT /orders/{source}/{externalId}` -> its statuses. */
export const documented: ReadonlyMap<string, readonly string[]> = new Map(
  Object.keys(member(root, 'paths')).flatMap((path) =>
    methods.flatMap((method) => {
      const statuses = Object.keys(member(root, 'paths', path, method, 'responses'))
      return statuses.length === 0 ? [] : [[`${method.toUpperCase()} ${path}`, statuses] as const]
    }),
  ),
)

/** Codes of problems the document knows. */
export const documentedCodes: readonly unknown[] = Object.values(
  Object(member(root, 'components', 'schemas', 'Problem', 'properties', 'code')['enum']),
)

/** The operation of a request; undefined when the document has none. Literal segments win. */
export function operationOf(method: string, path: string): string | undefined {
  const segments = path.split('?')[0]?.split('/') ?? []
  const matches = [...documented.keys()].filter((operation) => {
    const [known, template = ''] = operation.split(' ')
    const pattern = template.split('/')
    const fits = pattern.every((part, index) => (part.startsWith('{') ? segments[index] !== '' : part === segments[index]))
    return known === method && pattern.length === segments.length && fits
  })
  return matches.toSorted((one, other) => one.split('{').length - other.split('{').length)[0]
}

function pointer(...path: readonly string[]): string {
  return path.map((part) => `/${encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))}`).join('')
}

/** Where a response stands, its reference followed. */
function responsePath(template: string, method: string, status: string): readonly string[] {
  const path = ['paths', template, method, 'responses', status]
  const reference = member(root, ...path)['$ref']
  return typeof reference === 'string' ? reference.split('/').slice(1) : path
}

function mistakes(path: readonly string[], value: unknown): string {
  const check = ajv.getSchema(`openapi#${pointer(...path)}`)
  if (check === undefined) return `no schema at ${path.join(' ')}`
  return check(value) === true ? '' : ajv.errorsText(check.errors)
}

/** One exchange as it went over the wire; bodies as parsed, lines of newline-delimited JSON as a list. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly requestType: string
  readonly sent: readonly unknown[]
  readonly replyType: string | undefined
  readonly received: readonly unknown[]
}

/** What an exchange has that the document does not allow; empty when it agrees. Accepted bodies must be valid by the document, too. */
export function disagreements(exchange: Exchange): string[] {
  const operation = operationOf(exchange.method, exchange.path)
  if (operation === undefined)
    return [401, 400, 404, 405, 429].includes(exchange.status) ? [] : [`${exchange.method} ${exchange.path} is not in it`]
  const status = String(exchange.status)
  if (documented.get(operation)?.includes(status) !== true) return [`${operation} has no ${status}`]
  const [verb = '', template = ''] = operation.split(' ')
  const method = verb.toLowerCase()
  const response = responsePath(template, method, status)
  const types = Object.keys(member(root, ...response, 'content'))
  const type = exchange.replyType?.split(';')[0] ?? ''
  const found: string[] = []
  if (types.length === 0 && exchange.received.length > 0) found.push(`${operation} ${status} has no body`)
  if (types.length > 0 && !types.includes(type)) found.push(`${operation} ${status} is not ${type}`)
  if (types.includes(type) && type.endsWith('json')) {
    for (const value of exchange.received) found.push(mistakes([...response, 'content', type, 'schema'], value))
  }
  if (exchange.status < 300) {
    for (const value of exchange.sent)
      found.push(mistakes(['paths', template, method, 'requestBody', 'content', exchange.requestType, 'schema'], value))
  }
  return found.filter((text) => text !== '').map((text) => `${operation} ${status}: ${text}`)
}
