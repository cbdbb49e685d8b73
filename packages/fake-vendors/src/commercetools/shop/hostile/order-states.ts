import { DAY } from '../calendar.ts'
import type { HostileKind } from './kind.ts'

/** Orders in states, of people and at times that one does not expect. */
export const hostileStates: readonly HostileKind[] = [
  {
    id: 'unknown-order-state',
    what: 'Order state `Archived`, which the vendor does not have today',
    expected: 'Kept as text; the stage falls back to the one the other states say; drift is reported',
    fate: 'either',
    seed: (add) => void add.order({ fields: { orderState: 'Archived' } }),
  },
  {
    id: 'unknown-payment-state',
    what: 'Payment state `Disputed`',
    expected: 'Not paid; kept as text and reported',
    fate: 'either',
    seed: (add) => void add.order({ fields: { paymentState: 'Disputed' } }),
  },
  {
    id: 'unknown-shipment-state',
    what: 'Shipment state `Lost`',
    expected: 'Not fulfilled; kept as text and reported',
    fate: 'either',
    seed: (add) => void add.order({ fields: { shipmentState: 'Lost' } }),
  },
  {
    id: 'workflow-state-missing',
    what: 'Workflow state, store, business unit and custom type that no longer exist',
    expected: 'Deliver by their ids or keys or without; not parked for ever',
    fate: 'delivered',
    seed: (add) =>
      void add.order({
        fields: {
          state: { typeId: 'state', id: 'state-gone' },
          store: { typeId: 'store', key: 'closed' },
          businessUnit: { typeId: 'business-unit', key: 'unit-gone' },
          custom: { type: { typeId: 'type', id: 'type-removed' }, fields: { utm_source: 'x' } },
        },
      }),
  },
  {
    id: 'customer-deleted',
    what: 'Order of a customer who was deleted, e-mail still on the order',
    expected: 'Treated as a guest of that e-mail; the deleted customer is not made again',
    fate: 'delivered',
    seed: (add) => void add.order({ fields: { customerId: 'customer-deleted' } }),
  },
  {
    id: 'order-with-other-email',
    what: 'Order of a customer with another e-mail on it',
    expected: 'It belongs to the customer by id; the other e-mail makes no second person and no overwrite',
    fate: 'delivered',
    seed(add) {
      const customer = add.customer({ email: 'account@hostile.example.com' })
      add.order({ fields: { customerId: customer.id, customerEmail: 'gift-for@hostile.example.com' } })
    },
  },
  {
    id: 'order-of-nobody',
    what: 'Order without customer and e-mail',
    expected: 'Skipped, delivered without a person or isolated, by contract; counted',
    fate: 'either',
    seed: (add) => void add.order({ without: ['customerEmail'], fields: { anonymousId: 'anon' } }),
  },
  {
    id: 'guest-with-invalid-email',
    what: 'Guest order whose e-mail is no address',
    expected: 'The person is isolated, the order is not lost without a trace',
    fate: 'either',
    seed: (add) => void add.order({ fields: { customerEmail: 'guest at example' } }),
  },
  {
    id: 'no-order-number',
    what: 'Order without a number, and two with the same one',
    expected: 'Keyed by id; names fall back to it',
    fate: 'delivered',
    seed(add) {
      add.order({ without: ['orderNumber'] }, 'none')
      add.order({ fields: { orderNumber: 'SAME-1' } }, 'same-1')
      add.order({ fields: { orderNumber: 'SAME-1' } }, 'same-2')
    },
  },
  {
    id: 'imported-long-ago',
    what: 'Imported order, completed in 1999 but created now',
    expected: 'It happened in 1999: event time is completedAt',
    fate: 'delivered',
    seed: (add) => void add.order({ fields: { completedAt: '1999-12-31T23:59:59.999Z', orderState: 'Complete' } }),
  },
  {
    id: 'impossible-times',
    what: 'Order completed in the future, with a custom date that does not exist',
    expected: 'No crash; impossible times are left out',
    fate: 'either',
    seed: (add) =>
      void add.order({
        fields: {
          completedAt: new Date(Date.parse('2026-01-01T00:00:00.000Z') + 4000 * DAY).toISOString(),
          custom: { type: { typeId: 'type', id: 'type-order' }, fields: { desiredDate: '2026-06-31' } },
        },
      }),
  },
]
