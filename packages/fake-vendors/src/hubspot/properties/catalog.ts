import type { ObjectTypeName } from '../object-types.ts'
import { booleanOptions, type PropertyDefinition, type PropertyOption, type PropertyType } from './definition.ts'

/**
 * HubSpot's own properties, in short: `name` or `name:kind` with an optional mark.
 * Kinds: see `kinds`; no kind is a line of text. Marks: `!` read-only, `=` unique and says so, `~` unique but does not say so.
 */
const kinds: Readonly<Record<string, { type: PropertyType; fieldType: string }>> = {
  text: { type: 'string', fieldType: 'text' },
  textarea: { type: 'string', fieldType: 'textarea' },
  phone: { type: 'string', fieldType: 'phonenumber' },
  number: { type: 'number', fieldType: 'number' },
  date: { type: 'date', fieldType: 'date' },
  datetime: { type: 'datetime', fieldType: 'date' },
  bool: { type: 'bool', fieldType: 'booleancheckbox' },
  select: { type: 'enumeration', fieldType: 'select' },
  checkbox: { type: 'enumeration', fieldType: 'checkbox' },
}

const common = 'hs_object_id:number! hs_createdate:datetime! hs_lastmodifieddate:datetime! hs_merged_object_ids:checkbox! hubspot_owner_id'
const address = (prefix: string): string =>
  ['name', 'street', 'city', 'state', 'postal_code', 'country'].map((part) => `${prefix}_${part}`).join(' ')
const money = 'hs_currency_code hs_total_price:number hs_tax:number hs_shipping_cost:number'

const catalog: Readonly<Record<ObjectTypeName, string>> = {
  contacts: `${common} email= firstname lastname phone:phone mobilephone:phone company jobtitle website address city state zip country
    salutation date_of_birth gender industry fax:phone lifecyclestage:select hs_lead_status:select hs_language:select
    createdate:datetime! lastmodifieddate:datetime! hs_additional_emails:checkbox! hs_email_optout:bool! hs_email_optout_1001:bool! hs_email_optout_1002:bool! hs_legal_basis:checkbox
    hs_marketable_status:select! hs_timezone`,
  companies: `${common} name domain website phone:phone address address2 city state zip country industry description:textarea
    numberofemployees:number annualrevenue:number lifecyclestage:select createdate:datetime! hs_additional_domains:checkbox!`,
  deals: `${common} dealname dealstage:select pipeline:select amount:number closedate:datetime deal_currency_code dealtype:select
    description:textarea hs_next_step createdate:datetime! hs_is_closed:bool! hs_is_closed_won:bool! amount_in_home_currency:number!`,
  products: `${common} name price:number description:textarea hs_sku~ hs_cost_of_goods_sold:number hs_url hs_images
    hs_product_type:select recurringbillingfrequency:select hs_recurring_billing_period createdate:datetime!`,
  line_items: `${common} name hs_product_id hs_sku price:number quantity:number amount:number! discount:number hs_discount_percentage:number
    hs_line_item_currency_code hs_tax_rate_group_id recurringbillingfrequency:select hs_recurring_billing_period description:textarea
    createdate:datetime! hs_position_on_quote:number`,
  orders: `${common} hs_order_name ${money} hs_external_order_id~ hs_external_order_status hs_external_order_url hs_external_cart_id
    hs_external_created_date:datetime hs_processed_date:datetime hs_source_store hs_subtotal_price:number hs_discount_codes
    hs_fulfillment_status hs_shipping_tracking_number hs_shipping_status_url ${address('hs_shipping_address')} ${address('hs_billing_address')}
    hs_billing_address_email hs_billing_address_phone hs_pipeline:select hs_pipeline_stage:select hs_tags hs_order_note:textarea`,
  carts: `${common} hs_cart_name ${money} hs_external_cart_id hs_external_status hs_source_store hs_cart_discount:number hs_tags hs_cart_url`,
}

function options(...entries: readonly (readonly [value: string, label: string])[]): PropertyOption[] {
  return entries.map(([value, label], displayOrder) => ({ value, label, displayOrder, hidden: false }))
}

const lifecycleStages = options(
  ['subscriber', 'Subscriber'],
  ['lead', 'Lead'],
  ['marketingqualifiedlead', 'Marketing Qualified Lead'],
  ['salesqualifiedlead', 'Sales Qualified Lead'],
  ['opportunity', 'Opportunity'],
  ['customer', 'Customer'],
  ['evangelist', 'Evangelist'],
  ['other', 'Other'],
)

/** Options of HubSpot's own enumerations. Stages and pipelines are not here: they follow the portal's pipelines. */
const ownOptions: Readonly<Record<string, readonly PropertyOption[]>> = {
  lifecyclestage: lifecycleStages,
  hs_lead_status: options(
    ['NEW', 'New'],
    ['OPEN', 'Open'],
    ['IN_PROGRESS', 'In Progress'],
    ['UNQUALIFIED', 'Unqualified'],
    ['CONNECTED', 'Connected'],
  ),
  hs_language: options(
    ...['de', 'de-at', 'de-ch', 'de-de', 'en', 'en-gb', 'en-us', 'es', 'fr', 'fr-fr', 'it', 'ja', 'nl', 'pl', 'pt', 'sv'].map(
      (code): [string, string] => [code, code],
    ),
  ),
  hs_legal_basis: options(
    ['Legitimate interest – prospect/lead', 'Legitimate interest – prospect/lead'],
    ['Legitimate interest – existing customer', 'Legitimate interest – existing customer'],
    ['Performance of a contract', 'Performance of a contract'],
    ['Freely given consent from contact', 'Freely given consent from contact'],
    ['Not applicable', 'Not applicable'],
  ),
  hs_marketable_status: options(['true', 'Marketing contact'], ['false', 'Non-marketing contact']),
  dealtype: options(['newbusiness', 'New Business'], ['existingbusiness', 'Existing Business']),
  hs_product_type: options(['inventory', 'Inventory'], ['non_inventory', 'Non-inventory'], ['service', 'Service']),
  recurringbillingfrequency: options(['weekly', 'Weekly'], ['monthly', 'Monthly'], ['quarterly', 'Quarterly'], ['annually', 'Annually']),
}

/** Name of the group that HubSpot's own properties of a type stand in. */
export function ownGroupName(type: ObjectTypeName): string {
  return type === 'contacts'
    ? 'contactinformation'
    : `${type === 'companies' ? 'company' : type.replace(/s$/, '').replaceAll('_', '')}information`
}

/** Builds HubSpot's own properties of a type, as they are in a new portal. */
export function ownProperties(type: ObjectTypeName, at: number): PropertyDefinition[] {
  return catalog[type].split(/\s+/).map((entry, displayOrder) => {
    const mark = /[!=~]$/.exec(entry)?.[0]
    const [name = '', kind = 'text'] = (mark === undefined ? entry : entry.slice(0, -1)).split(':')
    const shape = kinds[kind]
    if (shape === undefined) throw new Error(`unknown kind ${kind}`)
    return {
      name,
      label: name.replace(/^hs_/, '').replaceAll('_', ' '),
      ...shape,
      groupName: ownGroupName(type),
      description: '',
      options: kind === 'bool' ? booleanOptions : (ownOptions[name] ?? []),
      displayOrder,
      hasUniqueValue: mark === '=',
      hidden: false,
      formField: type === 'contacts',
      hubspotDefined: true,
      calculated: false,
      readOnlyValue: mark === '!',
      enforcedUnique: mark === '=' || mark === '~',
      createdAt: at,
      updatedAt: at,
    }
  })
}
