import { graphQLError } from './errors.ts'
import { tokenize, type Token } from './lexer.ts'

/** A value as written: a variable, or something that may hold variables. */
export type ValueNode =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'constant'; readonly value: unknown }
  | { readonly kind: 'list'; readonly items: readonly ValueNode[] }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, ValueNode> }

/** A selected field. */
export interface FieldNode {
  readonly name: string
  /** Name of the result: the alias, or the field's own. */
  readonly key: string
  readonly args: ReadonlyMap<string, ValueNode>
  readonly selections: readonly FieldNode[]
}

/** One operation of a document. */
export interface OperationNode {
  readonly type: 'query' | 'mutation'
  readonly name: string | undefined
  readonly variables: ReadonlyMap<string, { readonly required: boolean; readonly fallback: ValueNode | undefined }>
  readonly selections: readonly FieldNode[]
}

const end: Token = { kind: 'end', text: 'EOF' }

/** Parses operations with variables, aliases and arguments. Fragments, directives and subscriptions are refused: the fake does not know them. */
export function parseDocument(source: string): OperationNode[] {
  const tokens = tokenize(source)
  let position = 0
  const peek = (): Token => tokens[position] ?? end
  const next = (): Token => tokens[position++] ?? end
  const at = (text: string): boolean => peek().kind === 'punctuator' && peek().text === text

  function offending(token: Token): never {
    return graphQLError('graphql-syntax', `Invalid syntax with offending token '${token.text}'`)
  }
  function accept(text: string): boolean {
    if (!at(text)) return false
    position += 1
    return true
  }
  function expectText(text: string): void {
    if (!accept(text)) offending(peek())
  }
  function name(): string {
    const token = next()
    return token.kind === 'name' ? token.text : offending(token)
  }

  function value(): ValueNode {
    if (accept('$')) return { kind: 'variable', name: name() }
    if (accept('[')) {
      const items: ValueNode[] = []
      while (!accept(']')) items.push(value())
      return { kind: 'list', items }
    }
    if (accept('{')) {
      const members = new Map<string, ValueNode>()
      while (!accept('}')) {
        const member = name()
        expectText(':')
        members.set(member, value())
      }
      return { kind: 'object', members }
    }
    return { kind: 'constant', value: constant(next()) }
  }
  function constant(token: Token): unknown {
    if (token.kind === 'int') return Number(token.text)
    if (token.kind === 'decimal' || token.kind === 'string') return token.text
    if (token.kind !== 'name') return offending(token)
    if (token.text === 'null') return null
    return token.text === 'true' || token.text === 'false' ? token.text === 'true' : token.text
  }
  function typeIsRequired(): boolean {
    if (accept('[')) {
      typeIsRequired()
      expectText(']')
    } else {
      name()
    }
    return accept('!')
  }
  function variables(): OperationNode['variables'] {
    const found = new Map<string, { required: boolean; fallback: ValueNode | undefined }>()
    if (!accept('(')) return found
    while (!accept(')')) {
      expectText('$')
      const variable = name()
      expectText(':')
      const required = typeIsRequired()
      found.set(variable, { required, fallback: accept('=') ? value() : undefined })
    }
    return found
  }
  function selections(): FieldNode[] {
    const fields: FieldNode[] = []
    if (!accept('{')) return fields
    while (!accept('}')) fields.push(field())
    return fields.length === 0 ? offending(peek()) : fields
  }
  function field(): FieldNode {
    const first = name()
    const own = accept(':') ? name() : first
    const args = new Map<string, ValueNode>()
    if (accept('(')) {
      while (!accept(')')) {
        const argument = name()
        expectText(':')
        args.set(argument, value())
      }
    }
    return { name: own, key: first, args, selections: selections() }
  }
  function operation(): OperationNode {
    if (at('{')) return { type: 'query', name: undefined, variables: new Map(), selections: selections() }
    const type = next()
    if (type.kind !== 'name' || (type.text !== 'query' && type.text !== 'mutation')) return offending(type)
    const own = peek().kind === 'name' ? name() : undefined
    const declared = variables()
    return at('{') ? { type: type.text, name: own, variables: declared, selections: selections() } : offending(peek())
  }

  const operations: OperationNode[] = []
  while (position < tokens.length) operations.push(operation())
  return operations.length === 0 ? offending(end) : operations
}
