import type { FakeCommercetools } from '../start.ts'
import { stamps } from './calendar.ts'
import { localized } from './settings.ts'

/** A reference to the custom type of a kind of resource. */
export function customType(of: 'customer' | 'order' | 'line' | 'unit' | 'category'): { typeId: 'type'; id: string } {
  return { typeId: 'type', id: `type-${of}` }
}

interface FieldType {
  name: string
  [setting: string]: unknown
}

const YES_NO: FieldType = {
  name: 'Enum',
  values: [
    { key: 'YES', label: 'Yes' },
    { key: 'NO', label: 'No' },
  ],
}
const CHANNELS: FieldType = { name: 'LocalizedEnum', values: ['email', 'sms', 'post'].map((key) => ({ key, label: localized(key) })) }

const FIELDS: Readonly<Record<string, { resources: string[]; fields: Record<string, FieldType> }>> = {
  customer: {
    resources: ['customer'],
    fields: {
      NEWSLETTER_SUBSCRIBE: YES_NO,
      NEWSLETTER_SINCE: { name: 'DateTime' },
      SMS_OPT_IN: { name: 'Boolean' },
      favouriteChannel: CHANNELS,
      interests: { name: 'Set', elementType: { name: 'String' } },
      loyaltyPoints: { name: 'Number' },
      memberSince: { name: 'Date' },
      creditLimit: { name: 'Money' },
      nickname: { name: 'LocalizedString' },
      preferredStore: { name: 'Reference', referenceTypeId: 'channel' },
      callAfter: { name: 'Time' },
    },
  },
  order: {
    resources: ['order'],
    fields: {
      utm_source: { name: 'String' },
      utm_campaign: { name: 'String' },
      landingPage: { name: 'String' },
      giftWrapped: { name: 'Boolean' },
      desiredDate: { name: 'Date' },
      tags: { name: 'Set', elementType: { name: 'String' } },
    },
  },
  line: { resources: ['line-item', 'custom-line-item'], fields: { engraving: { name: 'String' }, cost: { name: 'Money' } } },
  unit: { resources: ['business-unit'], fields: { vatId: { name: 'String' }, segment: YES_NO } },
  category: { resources: ['category'], fields: { showInMenu: { name: 'Boolean' } } },
}

/** Adds the custom types that customers, orders, lines, business units and categories use: every kind of field. */
export function addCustomTypes({ project }: FakeCommercetools, createdAt: number): void {
  for (const [kind, { resources, fields }] of Object.entries(FIELDS)) {
    const fieldDefinitions = Object.entries(fields).map(([name, type]) => {
      const inputHint = name === 'engraving' ? 'MultiLine' : 'SingleLine'
      return { name, label: localized(name), required: false, type, inputHint }
    })
    project.add('type', {
      ...stamps(createdAt),
      id: `type-${kind}`,
      key: `${kind}-fields`,
      name: localized(`${kind} fields`),
      resourceTypeIds: resources,
      fieldDefinitions,
    })
  }
}
