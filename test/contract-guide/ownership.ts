import { defineContract, path } from '@millrace/core'

export default defineContract({
  objects: {
    contact: {
      fields: {
        // The shop's: kept up to date. The default.
        firstname: { value: path('firstName') },
        // Sales keeps it: written when the contact is created, never afterwards, never on a contact that was there before.
        phone: { value: path('phone'), owner: 'destination' },
        // The first value stays.
        '{prefix}_first_store': { type: 'string', value: path('stores.0'), owner: 'once' },
        // No value at the shop clears the field.
        '{prefix}_next_visit': { type: 'date', value: path('custom.nextVisit'), blank: 'erase' },
      },
    },
  },
})
