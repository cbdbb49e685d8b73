import type { Account } from '../account.ts'
import { isEmail } from '../contacts/write.ts'
import { graphQLError } from './errors.ts'

const isoTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/

/** A coerced input. */
export type Input = Readonly<Record<string, unknown>>

function problemsOf(account: Account, input: Input, required: readonly string[]): string[] {
  const problems = required
    .filter((name) => input[name] === null || input[name] === undefined || input[name] === '')
    .map((name) => `${name}: must not be null`)
  const connection = input['legacyConnectionId']
  if (typeof connection === 'number' && account.connections.get(String(connection)) === undefined)
    problems.push('legacyConnectionId: does not exist')
  return problems
}

function orderProblems(account: Account, input: Input): string[] {
  const problems = problemsOf(account, input, ['storeOrderId', 'legacyConnectionId', 'storeCreatedDate', 'finalAmount'])
  const { storeCreatedDate, finalAmount, email, currency, lineItems } = input
  if (typeof storeCreatedDate === 'string' && storeCreatedDate !== '' && !isTime(storeCreatedDate))
    problems.push('storeCreatedDate: must be a date')
  if (typeof finalAmount === 'string' && finalAmount.startsWith('-')) problems.push('finalAmount: must be greater than or equal to 0')
  if (typeof email === 'string' && !isEmail(email)) problems.push('email: must be a well-formed email address')
  if (typeof currency === 'string' && !/^[A-Z]{3}$/.test(currency)) problems.push('currency: must be an ISO 4217 code')
  for (const [index, line] of (Array.isArray(lineItems) ? lineItems : []).entries()) {
    const { quantity, priceAmount, legacyConnectionId } = line as Input
    if (legacyConnectionId === undefined || legacyConnectionId === null)
      problems.push(`lineItems[${index}].legacyConnectionId: must not be null`)
    if (typeof quantity === 'number' && quantity < 1) problems.push(`lineItems[${index}].quantity: must be greater than 0`)
    if (typeof priceAmount === 'string' && priceAmount.startsWith('-'))
      problems.push(`lineItems[${index}].priceAmount: must not be negative`)
  }
  return problems
}

function isTime(value: string): boolean {
  return isoTime.test(value) && !Number.isNaN(Date.parse(value))
}

function idText(id: unknown): string {
  return typeof id === 'string' ? id : 'null'
}

/** Refuses the request when a record is wrong, and names each of them in the extensions by its place and id. */
function refuseProblems(problems: readonly (readonly string[])[], inputs: readonly Input[], idName: string): void {
  const extensions: Record<string, string> = {}
  for (const [index, found] of problems.entries()) {
    if (found.length > 0) extensions[`${index}-${idName}-${idText(inputs[index]?.[idName])}`] = found.join('; ')
  }
  if (Object.keys(extensions).length > 0) graphQLError('graphql-record-errors', 'Validation errors', extensions)
}

/** Refuses orders unless all of them are right. */
export function checkOrders(account: Account, inputs: readonly Input[]): void {
  refuseProblems(
    inputs.map((input) => orderProblems(account, input)),
    inputs,
    'storeOrderId',
  )
}

/** Refuses products unless all of them are right. */
export function checkProducts(account: Account, inputs: readonly Input[]): void {
  refuseProblems(
    inputs.map((input) => problemsOf(account, input, ['storePrimaryId', 'legacyConnectionId'])),
    inputs,
    'storePrimaryId',
  )
}
