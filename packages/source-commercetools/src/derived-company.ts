import type { Customer } from '@commercetools/platform-sdk'
import type { Change } from '@millrace/core'
import type { Condition } from './keyset.ts'
import type { Settings } from './settings.ts'
import { customFields, text } from './values.ts'

type Rule = Pick<Settings, 'companyRule' | 'vatIdField'>

/** Derived companies have no creation of their own. */
const epoch = '1970-01-01T00:00:00.000Z'

const vatIdOf = (row: Customer, { vatIdField }: Rule): string | undefined =>
  vatIdField === undefined ? text(row.vatId)?.trim() : text(customFields(row.custom)[vatIdField])?.trim()

/**
 * The company that a customer without a business unit belongs to by the rule of the settings: `name:<company name>` or `vat:<VAT id>`. Keys of business units
 * hold no colon, so they never meet.
 */
export const derivedCompanyId = (row: Customer, rule: Rule): string | undefined => {
  const value = rule.companyRule === 'name' ? text(row.companyName)?.trim() : rule.companyRule === 'vat-id' ? vatIdOf(row, rule) : undefined
  return value === undefined || value === '' ? undefined : `${rule.companyRule === 'name' ? 'name' : 'vat'}:${value}`
}

/** The derived company as the customer states it. Among customers of one company the one modified last decides how its name is spelled. */
export const derivedCompany = (row: Customer, rule: Rule): Change | undefined => {
  const id = derivedCompanyId(row, rule)
  if (id === undefined) return undefined
  const vatId = vatIdOf(row, rule)
  const name = text(row.companyName)?.trim() ?? vatId ?? id
  const modifiedAt = Date.parse(row.lastModifiedAt)
  const shared = { status: 'active', kind: 'company', stores: [], addresses: [], custom: {} } as const
  const record = { entity: 'company', id, createdAt: epoch, modifiedAt: new Date(modifiedAt).toISOString(), name, ...shared } as const
  return {
    type: 'upsert',
    record: { ...record, stores: [], addresses: [], ...(rule.companyRule === 'vat-id' && vatId !== undefined ? { vatId } : {}) },
    version: { modifiedAt },
    modifiedAt,
  }
}

/** Finds the customers that a derived company comes from; undefined for the key of a business unit. */
export const derivedCompanyCondition = (id: string, { companyRule, vatIdField }: Rule): Condition | undefined => {
  const value = id.slice(id.indexOf(':') + 1)
  if (companyRule === 'name' && id.startsWith('name:')) return { where: ['companyName = :company'], variables: { company: value } }
  if (companyRule !== 'vat-id' || !id.startsWith('vat:')) return undefined
  const where = vatIdField === undefined ? 'vatId = :company' : `custom(fields(${vatIdField} = :company))`
  return { where: [where], variables: { company: value } }
}
