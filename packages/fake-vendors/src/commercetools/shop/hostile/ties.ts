import type { HostileKind } from './kind.ts'

/** How many customers share one millisecond: more than the largest page has rows. */
export const TIED_ROWS = 600

/** Rows that a reader loses when it pages by time alone. */
export const hostileTies: readonly HostileKind[] = [
  {
    id: 'ties',
    what: `${TIED_ROWS} customers with the same lastModifiedAt`,
    expected: 'All of them, at any page size: the cursor is (lastModifiedAt, id)',
    fate: 'delivered',
    seed(add) {
      for (let index = 0; index < TIED_ROWS; index += 1) add.customer({ firstName: `Tie ${index}` }, String(index).padStart(3, '0'))
    },
  },
]
