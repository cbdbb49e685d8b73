import { fieldName, type Contract, type FieldSpec, type FieldType } from '@millrace/core'

/** Data fields that every account has (vendor notes, "Contacts v3"). */
export const contactFields: Readonly<Record<string, FieldSpec>> = {
  mobileNumber: { type: 'phone' },
  FIRSTNAME: { type: 'string' },
  LASTNAME: { type: 'string' },
  FULLNAME: { type: 'string' },
  GENDER: { type: 'string' },
  POSTCODE: { type: 'string' },
}

/** Whether contacts carry what was said about e-mail, in data fields of ours. */
export const keepsConsent = ({ objects }: Contract): boolean => Object.hasOwn(objects, 'subscription')

/** Data fields in which the consent to e-mail is kept with its time, because the vendor's consent records need evidence that shops rarely have. */
export const consentFields = ({ prefix }: Contract): { state: string; at: string } => ({
  state: fieldName('{prefix}_optin', prefix).toUpperCase(),
  at: fieldName('{prefix}_optin_at', prefix).toUpperCase(),
})

/** The vendor's name of a data field: kept in upper case, compared without case. */
export const dataField = (name: string): string => name.toUpperCase()

/** Type of a field of contacts as contract and vendor say. */
export const typeOfField = (contract: Contract, name: string): FieldType =>
  contactFields[name]?.type ?? contract.objects['contact']?.fields[name]?.type ?? 'string'
