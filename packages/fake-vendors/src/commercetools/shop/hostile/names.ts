import { customType } from '../custom-types.ts'
import type { HostileKind } from './kind.ts'

/** Names and texts that break parsers, files, screens and databases. */
export const hostileNames: readonly HostileKind[] = [
  {
    id: 'nul-in-name',
    what: 'First name with a NUL byte',
    expected: 'Remove the byte before sending; nothing is cut off behind it',
    fate: 'delivered',
    seed: (add) => void add.customer({ firstName: 'Nul\u0000Byte' }),
  },
  {
    id: 'control-characters',
    what: 'Terminal escapes and a vertical tab in the name',
    expected: 'Deliver without control characters; logs and progress bars stay intact',
    fate: 'delivered',
    seed: (add) => void add.customer({ firstName: '\u001B[31mRed\u001B[0m', lastName: 'Tab\u000Bbed\u0007' }),
  },
  {
    id: 'name-65k',
    what: 'Last name of 65,537 characters',
    expected: 'Shorten to the limit of the field, or isolate the row; never fail the batch',
    fate: 'either',
    seed: (add) => void add.customer({ lastName: 'x'.repeat(65_537) }),
  },
  {
    id: 'proto-keys',
    what: 'Custom fields named `__proto__`, `constructor`, `toString`',
    expected: 'They are ordinary keys: no prototype changes, the rest of the record arrives',
    fate: 'delivered',
    seed: (add) => {
      const fields: unknown = JSON.parse(
        '{"__proto__":{"polluted":true},"constructor":"x","toString":"y","hasOwnProperty":"z","loyaltyPoints":7}',
      )
      add.customer({ custom: { type: customType('customer'), fields } })
    },
  },
  {
    id: 'formula-text',
    what: 'Names that a spreadsheet runs: `=HYPERLINK(...)`, `+1+1`, `@SUM`',
    expected: 'Deliver the text as it is to an API; defuse it in exports to CSV',
    fate: 'delivered',
    seed: (add) =>
      void add.customer({ firstName: '=HYPERLINK("http://evil.example","click")', lastName: '+1+1', companyName: '@SUM(A1:A9)' }),
  },
  {
    id: 'lone-surrogate',
    what: 'Name that ends in half a character (lone surrogate)',
    expected: 'Make it well-formed before hashing and sending; the same input gives the same hash',
    fate: 'delivered',
    seed: (add) => void add.customer({ firstName: 'Ann\uD83D', lastName: '\uDE00Bo' }),
  },
  {
    id: 'rtl-override',
    what: 'Right-to-left override in the name',
    expected: 'Deliver; on a terminal the line is not turned around',
    fate: 'delivered',
    seed: (add) => void add.customer({ firstName: '\u202Egpj.exe', lastName: 'م\u200F1' }),
  },
  {
    id: 'emoji-zwj',
    what: 'Family emoji joined by zero-width joiners, flags, skin tones',
    expected: 'Deliver unbroken; shortening cuts between graphemes or at least between code points',
    fate: 'delivered',
    seed: (add) => void add.customer({ firstName: '👩‍👩‍👧‍👦', lastName: '🏴󠁧󠁢󠁳󠁣󠁴󠁿 👍🏽' }),
  },
  {
    id: 'combining-flood',
    what: 'Name with two hundred combining marks on each letter',
    expected: 'Deliver; limits count characters as the destination does',
    fate: 'delivered',
    seed: (add) => void add.customer({ firstName: `Z${'\u0301'.repeat(200)}o${'\u0308'.repeat(200)}` }),
  },
  {
    id: 'markup-in-name',
    what: 'Script tag and template text in the name',
    expected: 'Deliver as text; nothing evaluates it',
    fate: 'delivered',
    seed: (add) => void add.customer({ firstName: '<script>alert(1)</script>', lastName: '{{contact.email}} ${7*7}' }),
  },
  {
    id: 'line-breaks-in-name',
    what: 'Line breaks that would split headers, logs or CSV',
    expected: 'Deliver on one line; log lines do not split',
    fate: 'delivered',
    seed: (add) => void add.customer({ firstName: 'Ann\r\nBcc: other@example.com', lastName: 'A"B,C;D' }),
  },
  {
    id: 'blank-names',
    what: 'Names of blanks only',
    expected: 'Count as no name; blanks never replace a name at the destination',
    fate: 'delivered',
    seed: (add) => void add.customer({ firstName: '   ', lastName: '\t' }),
  },
  {
    id: 'invisible-names',
    what: 'Names of zero-width and no-break spaces',
    expected: 'Count as no name',
    fate: 'delivered',
    seed: (add) => void add.customer({ firstName: '\u200B', lastName: '\u00A0\uFEFF' }),
  },
  {
    id: 'no-names',
    what: 'Customer without any name',
    expected: 'Deliver by e-mail; no "undefined undefined" anywhere',
    fate: 'delivered',
    seed: (add) => void add.customer({ firstName: undefined, lastName: undefined, addresses: [] }),
  },
  {
    id: 'empty-texts',
    what: 'Empty texts in every optional field',
    expected: 'Blank never erases what the destination holds',
    fate: 'delivered',
    seed: (add) =>
      void add.customer({
        firstName: '',
        lastName: '',
        title: '',
        companyName: '',
        vatId: '',
        externalId: '',
        locale: undefined,
        dateOfBirth: undefined,
      }),
  },
  {
    id: 'words-of-code',
    what: 'People named Null, undefined, NaN and true',
    expected: 'They are names: deliver them as such',
    fate: 'delivered',
    seed(add) {
      add.customer({ firstName: 'null', lastName: 'undefined' }, '1')
      add.customer({ firstName: 'NaN', lastName: 'true' }, '2')
    },
  },
]
