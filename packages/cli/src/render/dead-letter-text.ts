import type { DeadLetter } from '@millrace/core'
import { number, printable, sections, table } from '../table.ts'

/** All of them, newest columns first that help to decide. */
export const deadLettersText = (letters: readonly DeadLetter[]): string =>
  letters.length === 0
    ? 'There are no dead letters.\n'
    : sections(
        table(
          [
            { title: 'id', align: 'right' },
            { title: 'connection' },
            { title: 'object' },
            { title: 'unit' },
            { title: 'code' },
            { title: 'message' },
          ],
          letters.map(({ id, connection, object, unit, code, message }) => [String(id), connection, object, unit, code, message]),
        ),
        `${number(letters.length)} dead letter${letters.length === 1 ? '' : 's'}. Mend the cause, then: millrace dead-letters replay <id>\n`,
      )

/** One, with all that is kept of it. */
export const deadLetterText = (letter: DeadLetter): string =>
  `${Object.entries(letter)
    .map(([name, value]) => `${name.padEnd(12)} ${printable(String(value ?? 'unknown'))}`)
    .join('\n')}\n`
