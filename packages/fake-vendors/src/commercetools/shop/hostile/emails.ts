import type { HostileKind } from './kind.ts'

const store = (key: string): object[] => [{ typeId: 'store', key }]

/** E-mail addresses: shared, odd, wrong or missing. */
export const hostileEmails: readonly HostileKind[] = [
  {
    id: 'emails-differ-in-case',
    what: 'Three customers in three stores whose e-mails differ in case only',
    expected: 'One person or three, as the contract says per store; never an error that returns, never a flip-flop between them',
    fate: 'either',
    seed(add) {
      add.customer({ email: 'Case.Twist@hostile.example.com', stores: store('de'), lastName: 'First' }, 'de')
      add.customer({ email: 'case.twist@hostile.example.com', stores: store('us'), lastName: 'Second' }, 'us')
      add.customer({ email: 'CASE.TWIST@HOSTILE.EXAMPLE.COM', stores: store('jp'), lastName: 'Third' }, 'jp')
    },
  },
  {
    id: 'shared-inbox',
    what: 'Two customers of different stores with the same e-mail',
    expected: '`merge` or `first-owns-email`, by contract; both records stay traceable',
    fate: 'either',
    seed(add) {
      add.customer({ email: 'office@shared.example.com', stores: store('de'), firstName: 'Ada' }, 'de')
      add.customer({ email: 'office@shared.example.com', stores: store('fr'), firstName: 'Bea' }, 'fr')
    },
  },
  {
    id: 'guest-and-customer',
    what: 'A guest order and a later account with the same e-mail in other letters',
    expected: 'One person; the guest order moves to it and is counted once',
    fate: 'delivered',
    seed(add) {
      add.order({ fields: { customerEmail: 'Later.Joined@hostile.example.com', anonymousId: 'anon-1' } })
      add.customer({ email: 'later.joined@hostile.example.com' })
    },
  },
  {
    id: 'plus-address',
    what: 'E-mail with a plus part, beside the one without',
    expected: 'Two people; the plus part is kept',
    fate: 'delivered',
    seed(add) {
      add.customer({ email: 'plus+shop@hostile.example.com' }, 'plus')
      add.customer({ email: 'plus@hostile.example.com' }, 'plain')
    },
  },
  {
    id: 'quoted-local-part',
    what: 'E-mail with a quoted local part that holds an @ and quotes',
    expected: 'Valid by RFC 5321: deliver, or isolate where the destination refuses it; predicates escape the quotes',
    fate: 'either',
    seed: (add) => void add.customer({ email: String.raw`"very \"odd\" @ name"@hostile.example.com` }),
  },
  {
    id: 'invalid-email',
    what: 'Text that is no e-mail address',
    expected: 'Isolated with the field named, before it is sent; its batch arrives',
    fate: 'isolated',
    seed: (add) => void add.customer({ email: 'not an e-mail' }),
  },
  {
    id: 'typo-domain',
    what: 'E-mail with a mistyped top-level domain, which HubSpot refuses (INVALID_EMAIL)',
    expected: 'Isolated after the vendor said so; the other rows of its batch arrive',
    fate: 'either',
    seed: (add) => void add.customer({ email: 'anna.schulz@gmail.con' }),
  },
  {
    id: 'no-email',
    what: 'Customer without e-mail (imported)',
    expected: 'Skipped as `no_email` where the destination needs one, and counted; else delivered by key',
    fate: 'either',
    seed: (add) => void add.customer({ email: undefined }),
  },
  {
    id: 'blank-email',
    what: 'E-mail of blanks',
    expected: 'As no e-mail',
    fate: 'either',
    seed: (add) => void add.customer({ email: '  ' }),
  },
  {
    id: 'padded-email',
    what: 'Blanks around an e-mail',
    expected: 'Trim for comparing and sending',
    fate: 'delivered',
    seed: (add) => void add.customer({ email: ' padded@hostile.example.com\u00A0' }),
  },
  {
    id: 'endless-email',
    what: 'E-mail of 330 characters',
    expected: 'Longer than any mail system takes: isolated',
    fate: 'isolated',
    seed: (add) => void add.customer({ email: `${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(4)}${'c'.repeat(13)}.example` }),
  },
  {
    id: 'unicode-email',
    what: 'Internationalised e-mail, in two Unicode forms of the same letters',
    expected: 'Deliver or isolate by what the destination takes; the two forms are compared normalised',
    fate: 'either',
    seed(add) {
      add.customer({ email: 'zo\u00EB@h\u00F6stile.example' }, 'composed')
      add.customer({ email: 'zoe\u0308@ho\u0308stile.example', stores: store('fr') }, 'decomposed')
    },
  },
  {
    id: 'turkish-i',
    what: 'E-mails whose case folding depends on the language: I, ı, İ',
    expected: 'Fold without a locale: ı and İ are not i',
    fate: 'either',
    seed(add) {
      add.customer({ email: 'INFO.I@hostile.example.com' }, 'upper')
      add.customer({ email: 'info.ı@hostile.example.com', stores: store('fr') }, 'dotless')
    },
  },
]
