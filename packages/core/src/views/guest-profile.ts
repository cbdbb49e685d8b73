import type { Customer } from '../model/customer.ts'
import type { Order } from '../model/order.ts'

const namesOf = ({ billingAddress, shippingAddress }: Order): Partial<Customer> => {
  const named = [billingAddress, shippingAddress].find((address) => (address?.firstName ?? address?.lastName) !== undefined)
  return { title: named?.title, firstName: named?.firstName, lastName: named?.lastName }
}

/**
 * What a guest's order says about the person, in the shape of an account. The name is taken whole from one address, billing first, so that the names of payer
 * and recipient are not mixed. Custom fields of the order are the order's, not the person's.
 */
export const guestProfile = (order: Order): Customer => {
  const addresses = [order.billingAddress, order.shippingAddress].filter((address) => address !== undefined)
  return {
    entity: 'customer',
    id: order.id,
    createdAt: order.createdAt,
    modifiedAt: order.modifiedAt,
    email: order.email ?? addresses.find(({ email }) => email !== undefined)?.email,
    emailVerified: false,
    accountStatus: 'active',
    ...namesOf(order),
    phone:
      addresses.find(({ phone, mobile }) => (phone ?? mobile) !== undefined)?.phone ??
      addresses.find(({ mobile }) => mobile !== undefined)?.mobile,
    companyName: addresses.find(({ company }) => company !== undefined)?.company,
    locale: order.locale,
    groups: [],
    stores: order.store === undefined ? [] : [order.store],
    companyIds: [],
    addresses,
    billingAddress: order.billingAddress,
    shippingAddress: order.shippingAddress,
    consents: order.consents ?? [],
    custom: {},
  }
}
