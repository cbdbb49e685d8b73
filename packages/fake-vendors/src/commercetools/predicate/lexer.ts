/** A piece of a query predicate. `text` of a string is unescaped, of a variable has no colon. */
export interface Token {
  kind: 'name' | 'string' | 'number' | 'variable' | 'symbol' | 'end'
  text: string
  at: number
}

/** Why a predicate was refused; the message is what the vendor puts behind `Malformed parameter: where: `. */
export class PredicateError extends Error {}

const PATTERN =
  /\s*(?:("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|`([^`]+)`|:([-\w]+)|([A-Za-z0-9_][-\w]*)|(-?\d+(?:\.\d+)?)|(<=|>=|!=|<>|[<>=(),]))/uy
const NUMBER = /^-?\d+(?:\.\d+)?$/

/** Cuts a predicate into tokens, the last one of kind `end`. Throws `PredicateError` on a character that starts nothing. */
export function tokenize(predicate: string): Token[] {
  const tokens: Token[] = []
  PATTERN.lastIndex = 0
  const end = predicate.trimEnd().length
  let at = 0
  while (at < end) {
    const match = PATTERN.exec(predicate)
    if (match === null)
      throw new PredicateError(`Syntax error while parsing 'where'. Invalid input '${predicate[at]}' (line 1, column ${at + 1})`)
    tokens.push(tokenOf(match, at))
    at = PATTERN.lastIndex
  }
  tokens.push({ kind: 'end', text: '', at })
  return tokens
}

function tokenOf(match: RegExpExecArray, at: number): Token {
  const [, quoted, backticked, variable, word, number, symbol] = match
  if (quoted !== undefined) return { kind: 'string', text: unescape(quoted.slice(1, -1)), at }
  if (backticked !== undefined) return { kind: 'name', text: backticked, at }
  if (variable !== undefined) return { kind: 'variable', text: variable, at }
  if (word !== undefined) return { kind: NUMBER.test(word) ? 'number' : 'name', text: word, at }
  if (number !== undefined) return { kind: 'number', text: number, at }
  return { kind: 'symbol', text: symbol ?? '', at }
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

function unescape(text: string): string {
  return text.replaceAll(/\\(?:u([0-9a-fA-F]{4})|(.))/gsu, (_, hex: string | undefined, character: string | undefined) =>
    hex === undefined ? (ESCAPES[character ?? ''] ?? character ?? '') : String.fromCodePoint(Number.parseInt(hex, 16)),
  )
}
