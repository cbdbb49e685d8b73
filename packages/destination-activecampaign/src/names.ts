import { fieldName, type Contract } from '@millrace/core'

/** Custom field that holds our own key of a person. */
export const customerKey = '{prefix}_customer_key'

/** Members that every contact has by itself. */
export const ownMembers = ['email', 'firstName', 'lastName', 'phone'] as const

/** One of {@link ownMembers}. */
export type OwnMember = (typeof ownMembers)[number]

/** Whether a field of the contract is one that every contact has by itself. */
export const isOwnMember = (name: string): name is OwnMember => ownMembers.some((own) => own === name)

/** The title of the field that holds our own key. */
export const keyTitle = (contract: Pick<Contract, 'prefix'>): string => fieldName(customerKey, contract.prefix)
