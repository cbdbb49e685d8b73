import {
  amount,
  custom,
  defineContract,
  hashed,
  holds,
  is,
  lower,
  minorUnits,
  path,
  phoneNumber,
  replace,
  round,
  transform,
  trim,
  upper,
  validEmail,
  when,
} from '@millrace/core'

export default defineContract({
  timeZone: 'Europe/Vienna',
  objects: {
    contact: {
      fields: {
        '{prefix}_kind': { type: 'string', value: when(is('groups.name', 'VIP'), path('groups.0.name'), path('language')) },
        '{prefix}_is_vip': { type: 'boolean', value: holds(is('groups.name', 'VIP')) },
        '{prefix}_search_name': { type: 'string', value: lower(trim(path('lastName'))) },
        '{prefix}_initial_size': { type: 'string', value: upper(custom('size')) },
        '{prefix}_login': { type: 'string', value: replace(path('email'), '@example.com', '') },
        '{prefix}_budget_cents': { type: 'integer', value: minorUnits('custom.budget') },
        '{prefix}_budget_rounded': { type: 'decimal', value: round(amount('custom.budget'), 0) },
        '{prefix}_email_sha256': { type: 'string', value: hashed(path('email')) },
        '{prefix}_valid_email': { type: 'email', value: validEmail(path('email')) },
        '{prefix}_mobile': { type: 'phone', value: phoneNumber(custom('mobile'), path('country')) },
        '{prefix}_loyalty': { type: 'string', value: transform('loyalty@2', custom('size')) },
      },
    },
  },
})
