import { isJsonObject, type HttpReply } from '../../http/index.ts'
import { refuse } from '../errors.ts'
import { ok, type Route, type RouteContext } from '../route.ts'
import { graphQLError } from './errors.ts'
import { parseDocument, type FieldNode, type OperationNode, type ValueNode } from './parser.ts'
import { checkSelections, project } from './project.ts'
import { resolvers, type Resolver } from './resolvers.ts'
import type { Input } from './validate.ts'

/** Parses a body so that decimals keep every digit they were written with. */
function parseExactly(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && context?.source !== undefined && !/^-?\d{1,15}$/.test(context.source) ? context.source : value,
  )
}

function operationOf(body: Readonly<Record<string, unknown>>): OperationNode {
  const { query, operationName } = body
  if (typeof query !== 'string') return refuse('body-shape', 400, {})
  const operations = parseDocument(query)
  const [first] = operations
  if (typeof operationName === 'string') {
    return (
      operations.find(({ name }) => name === operationName) ?? graphQLError('graphql-syntax', `Unknown operation named '${operationName}'.`)
    )
  }
  if (first === undefined || operations.length > 1)
    return graphQLError('graphql-syntax', 'Must provide operation name if query contains multiple operations.')
  return first
}

/** Replaces variables by their values. */
function resolveValue(node: ValueNode, variables: Readonly<Record<string, unknown>>, operation: OperationNode): unknown {
  switch (node.kind) {
    case 'constant':
      return node.value
    case 'list':
      return node.items.map((item) => resolveValue(item, variables, operation))
    case 'object':
      return Object.fromEntries([...node.members].map(([name, member]) => [name, resolveValue(member, variables, operation)]))
    case 'variable': {
      const declared = operation.variables.get(node.name)
      if (declared === undefined) return graphQLError('graphql-variables', `Undefined variable '${node.name}'`)
      const given = variables[node.name]
      const value = given === undefined && declared.fallback !== undefined ? resolveValue(declared.fallback, variables, operation) : given
      if (declared.required && (value === undefined || value === null)) {
        graphQLError('graphql-variables', `Variable '${node.name}' has coerced Null value for NonNull type`)
      }
      return value
    }
  }
}

function execute(context: RouteContext): HttpReply {
  const body = parseExactly(context.text === '' ? 'null' : context.text)
  if (!isJsonObject(body)) return refuse('body-shape', 400, {})
  const operation = operationOf(body)
  const variables = isJsonObject(body['variables']) ? body['variables'] : {}
  const [field, ...others] = operation.selections
  if (field === undefined || others.length > 0) return graphQLError('graphql-syntax', 'The fake takes one field per operation.')
  const resolver = resolverOf(operation, field)
  const args = Object.fromEntries([...field.args].map(([name, node]) => [name, resolveValue(node, variables, operation)]))
  const { account, countInputs } = context
  const result = resolver.resolve({ account, args, countInputs })
  return ok({
    data: { [field.key]: Array.isArray(result) ? result.map((row: Input) => project(row, field.selections)) : one(result, field) },
  })
}

function one(result: Input | readonly Input[] | null, field: FieldNode): object | null {
  return isJsonObject(result) ? project(result, field.selections) : null
}

function resolverOf(operation: OperationNode, field: FieldNode): Resolver {
  const resolver = Object.hasOwn(resolvers, field.name) ? resolvers[field.name] : undefined
  if (resolver === undefined || resolver.type !== operation.type) {
    return graphQLError('graphql-unknown-field', `Field '${field.name}' in type '${operation.type}' is undefined`)
  }
  const unknown = [...field.args.keys()].find((name) => !resolver.args.includes(name))
  if (unknown !== undefined) graphQLError('graphql-unknown-field', `Unknown field argument '${unknown}'`)
  if (field.selections.length === 0) graphQLError('graphql-unknown-field', `Sub-selection required for field '${field.name}'`)
  checkSelections(field.selections, resolver.result)
  return resolver
}

/** The e-commerce GraphQL endpoint: same token, same rate as REST. */
export const graphqlRoute: Route = { method: 'POST', path: 'ecom/graphql', handle: execute }
