import { defineContract, is, path } from '@millrace/core'

export default defineContract({
  objects: {
    contact: {
      fields: {
        firstname: { value: path('firstName'), owner: 'shared' },
        phone: {
          value: path('phone'),
          owner: 'shared',
          verified: { when: is('custom.phoneVerified', true), field: 'phone_verified_by_sales' },
        },
      },
    },
  },
})
