import { path, type ObjectContract } from '@millrace/core'

/** What a person becomes: the five default fields of the vendor's own integration, and what segments are made from. */
export const contactContract: ObjectContract = {
  fields: {
    email: { value: path('email') },
    FIRSTNAME: { value: path('firstName') },
    LASTNAME: { value: path('lastName') },
    FULLNAME: { value: path('fullName') },
    '{prefix}_birthday': { type: 'date', label: 'Date of birth', value: path('dateOfBirth') },
    '{prefix}_customer_id': { type: 'string', label: 'Customer id', value: path('id') },
    '{prefix}_locale': { type: 'string', label: 'Language', value: path('locale') },
    '{prefix}_country': { type: 'string', label: 'Country', value: path('country') },
    '{prefix}_suppression': { type: 'string', label: 'Not to be mailed because', value: path('consent.email.reason'), blank: 'erase' },
  },
}
