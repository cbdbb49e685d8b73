import { describe, expect, it } from 'vitest'
import { isMillraceError } from '../error.ts'
import type { Destination } from '../spec/destination.ts'
import type { Contract, ContractOverride } from './contract.ts'
import { amount, coalesce, constant, count, currency, custom, date, join, localized, mapValues, path, template } from './expression.ts'
import { resolveContract } from './resolve.ts'

const defaultContract: Contract = {
  version: 1,
  prefix: 'shop',
  currencies: ['EUR'],
  locales: ['en'],
  identity: { accounts: 'merge', guests: 'by-email', emailScope: 'global' },
  ordersOfNobody: 'unassociated',
  removal: { person: 'keep-and-flag' },
  consent: { authority: 'source', topics: {} },
  events: {},
  memberships: [],
  objects: {
    contact: {
      fields: {
        email: { value: path('email') },
        first: { value: path('firstName'), owner: 'destination' },
        '{prefix}_total_{currency}': { value: amount('signals.totals.{currency}'), type: 'decimal', label: 'Total in {currency}' },
      },
    },
    deal: {
      fields: { name: { value: path('name') }, '{prefix}_order_key': { value: path('key'), type: 'string', unique: true } },
      children: { item: { fields: { sku: { value: path('sku') } } } },
    },
  },
}

const destination: Pick<Destination, 'name' | 'objects' | 'defaultContract'> = {
  name: 'mailer',
  defaultContract,
  objects: {
    contact: {
      from: 'person',
      keyField: '{prefix}_customer_key',
      fields: {
        email: { type: 'email' },
        first: { type: 'string', maxLength: 10 },
        age: { type: 'integer', minimum: 0 },
        born: { type: 'date' },
        score: { type: 'decimal' },
        vip: { type: 'boolean' },
        tier: { type: 'option', options: [{ value: 'gold', label: 'Gold' }] },
        status: { type: 'option', options: [{ value: 'active', label: 'Active' }] },
        tags: { type: 'options' },
        seen: { type: 'datetime', readOnly: true },
      },
    },
    deal: {
      from: 'order',
      keyField: '{prefix}_order_key',
      fields: { name: { type: 'string', required: true }, amount: { type: 'decimal' }, day: { type: 'date' } },
      children: { item: { keyField: '{prefix}_line_key', fields: { sku: { type: 'string' }, price: { type: 'decimal' } } } },
    },
    product: { from: 'product', keyField: '{prefix}_product_key', fields: { title: { type: 'string' } } },
  },
}

const where = 'connections.mailer-eu.contract'
const resolve = (override?: ContractOverride): Contract => resolveContract(destination, override, where)

const messageOf = (override: unknown, to: typeof destination = destination): string => {
  try {
    // Config files may be plain JavaScript: anything can arrive here.
    Reflect.apply(resolveContract, undefined, [to, override, where])
  } catch (error) {
    if (isMillraceError(error) && error.code === 'contract_invalid') return error.message
    throw error
  }
  return 'no problem'
}

const contactField = (rule: unknown, name = 'score'): string => messageOf({ objects: { contact: { fields: { [name]: rule } } } })

describe('a contract that is in order', () => {
  it('is the default with names filled in, and totals once per currency', () => {
    const contract = resolve({ prefix: 'acme', currencies: ['EUR', 'JPY'] })
    expect(Object.keys(contract.objects['contact']?.fields ?? {})).toEqual(['email', 'first', 'acme_total_eur', 'acme_total_jpy'])
    expect(contract.objects['contact']?.fields['acme_total_jpy']).toEqual({
      value: { op: 'amount', path: 'signals.totals.JPY' },
      type: 'decimal',
      label: 'Total in JPY',
    })
    expect(JSON.stringify(contract)).not.toMatch(/\{(prefix|currency)\}/)
  })

  it('changes field by field and leaves the rest of the default alone', () => {
    const contract = resolve({
      objects: { contact: { fields: { first: { value: path('lastName') }, vip: { value: path('registered') } } } },
    })
    expect(contract.objects['contact']?.fields).toMatchObject({
      email: { value: path('email') },
      first: { value: path('lastName') },
      vip: { value: path('registered') },
    })
    expect(contract.objects['deal']).toEqual(resolve().objects['deal'])
  })

  it('drops a field with null, whichever way its name is written', () => {
    expect(resolve({ objects: { contact: { fields: { shop_total_eur: null } } } }).objects['contact']?.fields).not.toHaveProperty(
      'shop_total_eur',
    )
    const all = resolve({ currencies: ['EUR', 'JPY'], objects: { contact: { fields: { '{prefix}_total_{currency}': null } } } })
    expect(Object.keys(all.objects['contact']?.fields ?? {})).toEqual(['email', 'first'])
  })

  it('switches an object off with false, and on with rules', () => {
    const contract = resolve({ objects: { deal: false, product: { fields: { title: { value: localized('name', 'de') } } } } })
    expect(Object.keys(contract.objects)).toEqual(['contact', 'product'])
  })

  it('merges identity and removal one by one', () => {
    const contract = resolve({ identity: { guests: 'ignore' }, removal: { order: 'archive' } })
    expect(contract.identity).toEqual({ accounts: 'merge', guests: 'ignore', emailScope: 'global' })
    expect(contract.removal).toEqual({ person: 'keep-and-flag', order: 'archive' })
  })

  it('needs no rule for the key field, which is filled by itself', () => {
    const keyed = {
      ...destination.objects['product'],
      from: 'product' as const,
      keyField: 'ref',
      fields: { ref: { type: 'string' as const, required: true } },
    }
    const to = { ...destination, objects: { ...destination.objects, product: keyed } }
    expect(messageOf({ objects: { product: { fields: {} } } }, to)).toBe('no problem')
  })

  it('takes every expression that fits its field', () => {
    const fields = {
      email: { value: coalesce(path('email'), custom('mail')) },
      first: { value: template('{firstName} {billingAddress.city}') },
      age: { value: count('addresses') },
      born: { value: path('dateOfBirth') },
      score: { value: amount('signals.averages.EUR') },
      vip: { value: custom('vip') },
      tier: { value: mapValues(path('groups.0.key'), { top: 'gold' }) },
      status: { value: mapValues(path('accountStatus'), { active: 'active' }) },
      tags: { value: path('signals.lastSkus') },
      x_day: { value: date('signals.lastOrderAt', 'Asia/Tokyo'), type: 'date' as const },
      x_groups: { value: join('groups.name', '; ', 3), type: 'text' as const },
      x_code: { value: currency('signals.totals.EUR'), type: 'string' as const },
      x_const: { value: constant(3), type: 'integer' as const },
    }
    expect(messageOf({ objects: { contact: { fields } } })).toBe('no problem')
  })
})

describe('a wrong contract is refused with path and cure', () => {
  const at = `${where}.objects.contact.fields`
  it.each<[string, unknown, string]>([
    ['an unknown object', { objects: { contcat: {} } }, `${where}.objects.contcat: mailer has no such object; did you mean "contact"?`],
    [
      'an unknown child object',
      { objects: { deal: { children: { itms: { fields: {} } } } } },
      'objects.deal.children.itms: deal holds no such object; did you mean "item"?',
    ],
    [
      'an unknown path',
      { objects: { contact: { fields: { first: { value: path('firstname') } } } } },
      `${at}.first: the view of a unit of kind person has nothing at "firstname"; did you mean "firstName"?`,
    ],
    [
      'an unknown path inside an object',
      { objects: { contact: { fields: { first: { value: path('billingAddress.village') } } } } },
      'nothing at "billingAddress.village"; there is additional, city',
    ],
    [
      'an unknown path in a template',
      { objects: { contact: { fields: { first: { value: template('{fistName}') } } } } },
      'did you mean "firstName"?',
    ],
    [
      'an unknown path of a line',
      { objects: { deal: { children: { item: { fields: { sku: { value: path('skuu') } } } } } } },
      'objects.deal.children.item.fields.sku: the view of a child of kind order has nothing at "skuu"',
    ],
    [
      'a field unknown to the destination without a type',
      { objects: { contact: { fields: { foo: { value: path('email') } } } } },
      `${at}.foo: the destination has no such field of its own; correct the name, or give it a type`,
    ],
    [
      "another type than the destination's",
      { objects: { contact: { fields: { vip: { value: path('registered'), type: 'string' } } } } },
      "the destination's type is boolean, not string; leave type out",
    ],
    [
      'a read-only field',
      { objects: { contact: { fields: { seen: { value: path('createdAt') } } } } },
      `${at}.seen: the destination computes this field`,
    ],
    [
      'an unknown expression',
      { objects: { contact: { fields: { first: { value: { op: 'pth', path: 'email' } } } } } },
      'there is no expression "pth"; did you mean "path"?',
    ],
    ['a missing value', { objects: { contact: { fields: { first: {} } } } }, 'the value is missing; use path(...)'],
    [
      'a constant that is no option',
      { objects: { contact: { fields: { tier: { value: constant('silver') } } } } },
      'can give "silver", which the field has no option for',
    ],
    [
      'an enum with values that are no options',
      { objects: { contact: { fields: { status: { value: path('accountStatus') } } } } },
      'can give "disabled", "external", which the field has no option for',
    ],
    [
      'a constant that is too long',
      { objects: { contact: { fields: { first: { value: constant('more than ten') } } } } },
      'the constant has 13 characters; the field holds 10',
    ],
    ['a constant below the minimum', { objects: { contact: { fields: { age: { value: constant(-1) } } } } }, 'the constant is below 0'],
    [
      'a mapping of a value that never occurs',
      { objects: { contact: { fields: { status: { value: mapValues(path('accountStatus'), { actve: 'active' }) } } } } },
      'lists "actve", which never occurs; did you mean "active"?',
    ],
    ['a prefix that cannot be one', { prefix: 'My Shop' }, `${where}.prefix: "My Shop" cannot begin field names`],
    ['a currency in words', { currencies: ['EUR', 'Euro'] }, `${where}.currencies.1: "Euro" is not an ISO 4217 code`],
    ['a currency twice', { currencies: ['EUR', 'EUR'] }, 'currencies.1: "EUR" is listed twice'],
    ['a locale with an underscore', { locales: ['de_AT'] }, `${where}.locales.0: "de_AT" is not a BCP 47 locale`],
    [
      'a required field that was dropped',
      { objects: { deal: { fields: { name: null } } } },
      `${where}.objects.deal.fields: the destination requires name and no rule fills it`,
    ],
    [
      'dropping what is not there',
      { objects: { contact: { fields: { frist: null } } } },
      `${at}.frist: null drops a field of the default contract, which has none of this name; did you mean "first"?`,
    ],
    [
      'one name in two spellings',
      {
        objects: {
          contact: { fields: { '{prefix}_x': { value: path('id'), type: 'string' }, shop_x: { value: path('id'), type: 'string' } } },
        },
      },
      `${at}.shop_x: is the same field as {prefix}_x`,
    ],
    [
      'names that differ only in case',
      { objects: { contact: { fields: { Email: { value: path('email'), type: 'email' } } } } },
      `${at}.Email: is the same field as email`,
    ],
    [
      'another value in the key field',
      { objects: { deal: { fields: { '{prefix}_order_key': { value: path('number'), type: 'string' } } } } },
      'this field holds our own key; its value can only be path("key")',
    ],
    [
      'a name with white space',
      { objects: { contact: { fields: { 'my field': { value: path('id'), type: 'string' } } } } },
      `${at}.my field: the name holds white space`,
    ],
    [
      'a setting that does not exist',
      { objects: { contact: { feilds: {} } } },
      `${where}.objects.contact.feilds: there is no such setting`,
    ],
    [
      'a setting of a rule that does not exist',
      { objects: { contact: { fields: { first: { value: path('id'), ownr: 'once' } } } } },
      `${at}.first.ownr: there is no such setting`,
    ],
    ['an unknown owner', { objects: { contact: { fields: { first: { value: path('id'), owner: 'shared' } } } } }, `${at}.first.owner: `],
    ['an unknown identity rule', { identity: { accounts: 'mrge' } }, `${where}.identity.accounts: `],
    ['an unknown kind of unit', { removal: { customer: 'archive' } }, `${where}.removal.customer: `],
    ['true for an object', { objects: { contact: true } }, `${where}.objects.contact: `],
    ['a contract that is no object', 'default', `${where}: `],
  ])('%s', (_name, override, message) => {
    expect(messageOf(override)).toContain(message)
  })

  it.each<[string, unknown, string, string]>([
    ['text into a decimal', path('firstName'), 'score', 'gives text, but the field takes decimal'],
    ['true or false into a decimal', path('registered'), 'score', 'gives true or false, but the field takes decimal'],
    ['money into a decimal', path('signals.totals.EUR'), 'score', 'gives money, but the field takes decimal; use amount(...)'],
    ['a point in time into a date', path('createdAt'), 'born', 'gives a point in time, but the field takes date; use date(path, timeZone)'],
    ['a number into a boolean', count('addresses'), 'vip', 'gives a whole number, but the field takes boolean'],
    ['a list into a text', path('stores'), 'first', 'gives a list, but the field takes string; use join(...)'],
    ['an object into a text', path('billingAddress'), 'first', 'gives an object, but the field takes string; name the part'],
    ['a date into an e-mail address', path('dateOfBirth'), 'email', 'gives a date, but the field takes email'],
    [
      'a branch of coalesce that does not fit',
      coalesce(count('addresses'), path('email')),
      'age',
      'gives text, but the field takes integer',
    ],
    ['a mapping with results that do not fit', mapValues(path('country'), { DE: 'yes' }), 'vip', 'gives text, but the field takes boolean'],
  ])('%s', (_name, value, field, message) => {
    expect(contactField({ value }, field)).toContain(`${at}.${field}: ${message}`)
  })

  it.each<[string, unknown, string]>([
    ['amount of what is no money', amount('email'), 'amount(...) needs an amount of money, and "email" is none'],
    ['date of what is no date', date('email'), 'date(...) needs a point in time or a date'],
    ['a time zone that does not exist', date('createdAt', 'Europe/Berln'), '"Europe/Berln" is no time zone'],
    ['localized of plain text', localized('signals'), 'localized(...) needs localized text'],
    ['count of what is no list', count('email'), 'count(...) needs a list'],
    ['join of objects', join('groups'), 'name a part of them, such as groups.name'],
    ['a limit of nothing', join('stores', ',', 0), 'the limit of join(...) must be a whole number above 0'],
    ['braces that do not match', template('{firstName'), 'the braces of the template do not match'],
    ['money in a template', template('{signals.totals.EUR}'), 'use {signals.totals.EUR.amount}'],
    ['coalesce of nothing', coalesce(), 'coalesce(...) has nothing to choose from'],
    ['a path that is no text', { op: 'path', path: 7 }, 'the path is missing'],
    ['a constant that is no plain value', { op: 'constant', value: { a: 1 } }, 'constant(...) takes a text, a number or a boolean'],
    [
      'mapped values that are no object',
      { op: 'map', of: path('country'), values: 'DE' },
      'the values of mapValues(...) must be an object',
    ],
    ['locales that are no list', { op: 'localized', path: 'custom.x', locales: 'de' }, 'the locales of localized(...) must be texts'],
    ['a prototype name as path', path('__proto__'), 'has nothing at "__proto__"'],
  ])('%s', (_name, value, message) => {
    const problem = contactField({ value, type: 'text' }, 'x_note')
    expect(problem).toContain(`${at}.x_note: `)
    expect(problem).toContain(message)
  })

  it('names every problem at once, each on its own line', () => {
    const message = messageOf({
      prefix: '9',
      currencies: ['euro'],
      objects: {
        nobody: {},
        contact: { fields: { a: { value: path('x') }, b: { value: path('id'), type: 'sring' }, age: { value: path('email') } } },
      },
    })
    expect(
      message
        .split('\n')
        .slice(1)
        .map(
          (line) =>
            line
              .trim()
              .slice(where.length + 1)
              .split(': ')[0],
        ),
    ).toEqual([
      'objects.contact.fields.b.type',
      'prefix',
      'currencies.0',
      'objects.contact.fields.a',
      'objects.contact.fields.a',
      'objects.contact.fields.age',
      'objects.nobody',
    ])
  })

  it("also finds mistakes in a destination's default contract", () => {
    const broken = { ...defaultContract, objects: { contact: { fields: { email: { value: path('mail') } } } } }
    expect(messageOf(undefined, { ...destination, defaultContract: broken })).toContain('nothing at "mail"; did you mean "email"?')
  })
})
