import { graphQLError } from './errors.ts'

/** One token of a GraphQL document. */
export interface Token {
  readonly kind: 'name' | 'punctuator' | 'int' | 'decimal' | 'string' | 'end'
  readonly text: string
}

/** How many tokens a document may have. Values that come as variables are none. */
export const maxTokens = 15_000

const pattern =
  /[\s,\uFEFF]+|#[^\n\r]*|(?<name>[A-Za-z_]\w*)|(?<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<block>"""(?:[^"\\]|\\"""|\\|"(?!""))*""")|(?<string>"(?:[^"\\\n\r]|\\.)*")|(?<punctuator>\.\.\.|[!$&()=:@[\]{}|])/gy

/** Splits a document into tokens. Refuses too many of them before anything else is looked at. */
export function tokenize(source: string): Token[] {
  const tokens: Token[] = []
  pattern.lastIndex = 0
  while (pattern.lastIndex < source.length) {
    const at = pattern.lastIndex
    const groups = pattern.exec(source)?.groups
    if (groups === undefined) return graphQLError('graphql-syntax', `Invalid syntax with offending token '${source.slice(at, at + 10)}'`)
    const token = tokenOf(groups)
    if (token === undefined) continue
    tokens.push(token)
    if (tokens.length > maxTokens) {
      const cancelled = 'To prevent Denial Of Service attacks, parsing has been cancelled.'
      graphQLError('graphql-grammar-tokens', `More than ${maxTokens} grammar tokens have been presented. ${cancelled}`)
    }
  }
  return tokens
}

function tokenOf(groups: Partial<Record<string, string>>): Token | undefined {
  const { name, number, block, string, punctuator } = groups
  if (name !== undefined) return { kind: 'name', text: name }
  if (punctuator !== undefined) return { kind: 'punctuator', text: punctuator }
  if (number !== undefined) return { kind: /^-?\d+$/.test(number) ? 'int' : 'decimal', text: number }
  if (block !== undefined) return { kind: 'string', text: block.slice(3, -3).replaceAll('\\"""', '"""').trim() }
  if (string !== undefined) return { kind: 'string', text: unescape(string) }
  return undefined
}

function unescape(literal: string): string {
  try {
    return String(JSON.parse(literal))
  } catch {
    return graphQLError('graphql-syntax', `Invalid syntax: bad string ${literal}`)
  }
}
