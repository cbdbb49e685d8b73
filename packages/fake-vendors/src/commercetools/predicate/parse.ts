import { PredicateError, type Token, tokenize } from './lexer.ts'

/** A value in a predicate: written out, or an input variable filled from `var.<name>`. */
export type Value = { kind: 'literal'; value: string | number | boolean } | { kind: 'variable'; name: string }

/** The comparisons of the predicate language. `<>` is read as `!=`. */
export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>='

/** A parsed query predicate. */
export type Predicate =
  | { kind: 'and' | 'or'; left: Predicate; right: Predicate }
  | { kind: 'not'; inner: Predicate }
  | { kind: 'nested'; field: string; inner: Predicate }
  | { kind: 'compare'; field: string; operator: Comparison; value: Value }
  | { kind: 'in'; field: string; values: Value[]; negated: boolean }
  | { kind: 'contains'; field: string; every: boolean; values: Value[] }
  | { kind: 'matches'; field: string; value: Value }
  | { kind: 'defined' | 'empty'; field: string; negated: boolean }

const COMPARISONS = new Set(['=', '!=', '<>', '<', '<=', '>', '>='])

/**
 * Parses a query predicate; `and` binds tighter than `or`. Throws `PredicateError` when the text is not one.
 * Geo predicates (`within circle(...)`) are refused, they are not part of this fake.
 */
export function parsePredicate(text: string): Predicate {
  const tokens = tokenize(text)
  let index = 0
  const END: Token = { kind: 'end', text: '', at: text.length }
  const peek = (): Token => tokens[index] ?? END
  const next = (): Token => {
    const token = peek()
    index += 1
    return token
  }
  const fail = (token: Token, expected: string): never => {
    const found = token.kind === 'end' ? 'Unexpected end of input' : `Invalid input '${token.text}'`
    throw new PredicateError(`Syntax error while parsing 'where'. ${found}, expected ${expected} (line 1, column ${token.at + 1})`)
  }
  const isSymbol = (symbol: string): boolean => peek().kind === 'symbol' && peek().text === symbol
  const isWord = (word: string): boolean => peek().kind === 'name' && peek().text.toLowerCase() === word
  const expectSymbol = (symbol: string): void => {
    if (!isSymbol(symbol)) fail(peek(), `'${symbol}'`)
    index += 1
  }
  const takeWord = (word: string): boolean => {
    if (!isWord(word)) return false
    index += 1
    return true
  }

  function parseOr(): Predicate {
    let left = parseAnd()
    while (takeWord('or')) left = { kind: 'or', left, right: parseAnd() }
    return left
  }

  function parseAnd(): Predicate {
    let left = parseUnary()
    while (takeWord('and')) left = { kind: 'and', left, right: parseUnary() }
    return left
  }

  function parseUnary(): Predicate {
    if (takeWord('not')) return { kind: 'not', inner: parseGroup() }
    return isSymbol('(') ? parseGroup() : parseTerm()
  }

  function parseGroup(): Predicate {
    expectSymbol('(')
    const inner = parseOr()
    expectSymbol(')')
    return inner
  }

  function parseTerm(): Predicate {
    const token = next()
    if (token.kind !== 'name' && token.kind !== 'number') return fail(token, 'a field name')
    const field = token.text
    if (isSymbol('(')) return { kind: 'nested', field, inner: parseGroup() }
    const operator = peek()
    if (operator.kind === 'symbol' && COMPARISONS.has(operator.text)) {
      index += 1
      return { kind: 'compare', field, operator: comparison(operator.text), value: parseValue() }
    }
    if (takeWord('in')) return { kind: 'in', field, values: parseValues(), negated: false }
    if (takeWord('is')) return parseIs(field)
    if (takeWord('contains')) return parseContains(field)
    if (takeWord('matches')) {
      if (!takeWord('ignore') || !takeWord('case')) fail(peek(), "'ignore case'")
      return { kind: 'matches', field, value: parseValue() }
    }
    if (takeWord('not') && takeWord('in')) return { kind: 'in', field, values: parseValues(), negated: true }
    return fail(peek(), 'SphereIdentifierChar, comparison operator, not, in, contains, is, within or matches')
  }

  function parseIs(field: string): Predicate {
    const negated = takeWord('not')
    if (takeWord('defined')) return { kind: 'defined', field, negated }
    if (takeWord('empty')) return { kind: 'empty', field, negated }
    return fail(peek(), 'defined or empty')
  }

  function parseContains(field: string): Predicate {
    if (takeWord('all')) return { kind: 'contains', field, every: true, values: parseValues() }
    if (takeWord('any')) return { kind: 'contains', field, every: false, values: parseValues() }
    return fail(peek(), 'all or any')
  }

  function parseValues(): Value[] {
    if (!isSymbol('(')) return [parseValue()]
    index += 1
    const values = [parseValue()]
    while (isSymbol(',')) {
      index += 1
      values.push(parseValue())
    }
    expectSymbol(')')
    return values
  }

  function parseValue(): Value {
    const token = next()
    if (token.kind === 'string') return { kind: 'literal', value: token.text }
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) }
    if (token.kind === 'variable') return { kind: 'variable', name: token.text }
    if (token.kind === 'name' && (token.text === 'true' || token.text === 'false')) return { kind: 'literal', value: token.text === 'true' }
    return fail(token, 'input parameter or primitive value')
  }

  const predicate = parseOr()
  if (peek().kind !== 'end') fail(peek(), "'and', 'or' or the end")
  return predicate
}

function comparison(text: string): Comparison {
  if (text === '<>') return '!='
  if (text === '=' || text === '!=' || text === '<' || text === '<=' || text === '>') return text
  return '>='
}
