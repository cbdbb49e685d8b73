import { MillraceError } from '../error.ts'

/** Collects what is wrong with a contract, so that one error can name it all. */
export interface Problems {
  /** `path` is relative to the contract: `objects.contact.fields.foo`. `message` says what is wrong and what to do. */
  add(path: string, message: string): void
  /** Throws MillraceError `contract_invalid` with every problem on a line of its own; returns when there is none. */
  throwIfAny(): void
}

/** Starts a collection. `where` = where the contract stands in the config: `connections.mailer-eu.contract`. */
export const collectProblems = (where: string): Problems => {
  const lines = new Set<string>()
  return {
    add: (path, message) => void lines.add(`${path === '' ? where : `${where}.${path}`}: ${message}`),
    throwIfAny: () => {
      if (lines.size === 0) return
      const count = lines.size === 1 ? 'The contract has a problem' : `The contract has ${lines.size} problems`
      throw new MillraceError({
        code: 'contract_invalid',
        message: [`${count}:`, ...[...lines].map((line) => `  ${line}`)].join('\n'),
        scope: 'destination',
        context: { problems: lines.size },
      })
    },
  }
}
