/**
 * Mapping alone, on one core: how many customers a second become the fields of a contact. The mix is what contract v1 can express of 40 typical fields: 12 plain,
 * 8 custom, 5 localized, 4 enum, 4 money, 3 dates, 2 phones, 1 e-mail and 1 hash. The ceiling is the same written by hand for
 * exactly these fields, with the checks that their types demand.
 */
import { hash } from 'node:crypto'
import { amount, compileMapping, custom, date, hashed, localized, mapValues, path } from '@millrace/core'
import type { Contract, FieldRule, FieldValue, View } from '@millrace/core'
import { recordingContract } from '@millrace/core/testing'
import { machineLine, printFigures, ratesOf } from './lib/report.ts'

const count = process.argv.includes('--quick') ? 20_000 : 200_000
const rounds = 5

const viewOf = (index: number): View => ({
  key: `shop:${index}`,
  customerNumber: String(100_000 + index),
  title: 'Dr.',
  salutation: 'Ms',
  firstName: 'Željka',
  middleName: 'Ana',
  lastName: `Müller-${index}`,
  fullName: `Željka Ana Müller-${index}`,
  companyName: 'Mühle & Söhne',
  vatId: 'DE123456789',
  locale: 'de-DE',
  email: `buyer.${index}@example.com`,
  phone: '+49 30 123456',
  mobile: '+49 170 123456',
  accountStatus: 'active',
  tier: 'gold',
  channel: 'web',
  kind: 'b2c',
  createdAt: '2025-01-01T10:20:30.000Z',
  modifiedAt: '2026-01-01T10:20:30.000Z',
  dateOfBirth: '1980-02-29',
  billingAddress: { city: 'Berlin', country: 'DE' },
  custom: { a: 'one', b: 'two', c: 'three', d: 4, e: 5, f: true, g: { key: 'x', label: 'X' }, h: 'eight' },
  l1: { de: 'Hemd', en: 'Shirt' },
  l2: { de: 'Hose', en: 'Trousers' },
  l3: { en: 'Hat' },
  l4: { 'de-AT': 'Jänner', en: 'January' },
  l5: { de: 'Schuh', en: 'Shoe' },
  m1: { currency: 'EUR', amount: '19.99' },
  m2: { currency: 'EUR', amount: '1234.00' },
  m3: { currency: 'JPY', amount: '500' },
  m4: { currency: 'KWD', amount: '3.050' },
})

const plain = [
  'key',
  'customerNumber',
  'title',
  'salutation',
  'firstName',
  'middleName',
  'lastName',
  'fullName',
  'companyName',
  'vatId',
  'locale',
]
const customs = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
const enums = ['accountStatus', 'tier', 'channel', 'kind']
const labels: Record<string, string> = { active: 'Active', disabled: 'Disabled', gold: 'Gold', web: 'Web', b2c: 'Consumer' }
const text = (value: FieldRule['value']): FieldRule => ({ value, type: 'string' })
const fields: Record<string, FieldRule> = {
  ...Object.fromEntries(plain.map((name) => [name, text(path(name))])),
  city: text(path('billingAddress.city')),
  ...Object.fromEntries(customs.map((name) => [`custom_${name}`, text(custom(name))])),
  ...Object.fromEntries([1, 2, 3, 4, 5].map((number) => [`l${number}`, text(localized(`l${number}`, 'de', 'en'))])),
  ...Object.fromEntries(enums.map((name) => [`enum_${name}`, text(mapValues(path(name), labels, 'Other'))])),
  ...Object.fromEntries(
    [1, 2, 3, 4].map((number): [string, FieldRule] => [`m${number}`, { value: amount(`m${number}`), type: 'decimal' }]),
  ),
  created: { value: date('createdAt', 'Europe/Berlin'), type: 'date' },
  modified: { value: path('modifiedAt'), type: 'datetime' },
  born: { value: path('dateOfBirth'), type: 'date' },
  phone: { value: path('phone'), type: 'phone' },
  mobile: { value: path('mobile'), type: 'phone' },
  email: { value: path('email'), type: 'email' },
  email_hash: text(hashed(path('email'))),
}
const contract: Contract = { ...recordingContract, locales: ['de', 'en'], objects: { contact: { fields } } }
const mapping = compileMapping(contract, { contact: { from: 'person', keyField: 'key', fields: {} } })

const textAt = (view: View, name: string): string => {
  const value = view[name]
  return typeof value === 'string' ? value : ''
}
const objectAt = (view: View, name: string): View => {
  const value = view[name]
  // Where something stands, it is plain data.
  return typeof value === 'object' && value !== null ? (value as View) : {}
}
const clean = (value: string): string => (value.includes('\0') ? value.replaceAll('\0', '') : value).toWellFormed().trim()
const localizedText = (texts: View): string =>
  textAt(texts, 'de') || textAt(texts, Object.keys(texts).find((name) => name.startsWith('de')) ?? 'en')
const berlinDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Berlin', dateStyle: 'short' })
const days = new Map<number, string>()
const dayOf = (instant: string): string => {
  const hour = Math.floor(Date.parse(instant) / 3_600_000)
  const known = days.get(hour) ?? berlinDay.format(hour * 3_600_000)
  days.set(hour, known)
  return known
}
const decimal = /^-?\d+(\.\d+)?$/
const emailForm = /^[^\s@]+@[^\s@]+$/

/** What somebody would write who has only this contract to serve. */
const byHand = (view: View): Record<string, FieldValue> => {
  const out: Record<string, FieldValue> = {}
  const put = (name: string, value: string): void => {
    const cleaned = clean(value)
    if (cleaned !== '') out[name] = cleaned
  }
  for (const name of plain) put(name, textAt(view, name))
  put('city', textAt(objectAt(view, 'billingAddress'), 'city'))
  const values = objectAt(view, 'custom')
  for (const name of customs) {
    const value = values[name]
    const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    put(`custom_${name}`, isScalar ? String(value) : textAt(objectAt(values, name), 'key'))
  }
  for (const name of ['l1', 'l2', 'l3', 'l4', 'l5']) put(name, localizedText(objectAt(view, name)))
  for (const name of enums) put(`enum_${name}`, labels[textAt(view, name)] ?? 'Other')
  for (const name of ['m1', 'm2', 'm3', 'm4']) {
    const value = textAt(objectAt(view, name), 'amount')
    if (decimal.test(value)) out[name] = value
  }
  out['created'] = dayOf(textAt(view, 'createdAt'))
  out['modified'] = new Date(textAt(view, 'modifiedAt')).toISOString()
  put('born', textAt(view, 'dateOfBirth'))
  for (const name of ['phone', 'mobile']) if (/\d/.test(textAt(view, name))) put(name, textAt(view, name))
  if (emailForm.test(textAt(view, 'email'))) put('email', textAt(view, 'email'))
  put('email_hash', hash('sha256', textAt(view, 'email').trim().normalize('NFC').toLowerCase(), 'hex'))
  return out
}

const views = Array.from({ length: 1000 }, (_, index) => viewOf(index))
const sample = views[0] ?? {}
const mapped = mapping.map('contact', sample, 0)
const differing = Object.keys(fields).filter((name) => mapped.fields[name] !== byHand(sample)[name])
if (mapped.problem !== undefined || differing.length > 0)
  throw new Error(
    `The two mappings differ: ${differing.map((name) => `${name} ${String(mapped.fields[name])} ${String(byHand(sample)[name])}`).join(', ')}`,
  )

const repeat = async (work: (view: View) => unknown): Promise<void> => {
  for (let index = 0; index < count; index += 1) work(views[index % views.length] ?? sample)
}
console.log(machineLine())
console.log(`${Object.keys(fields).length} fields`)
const general = await ratesOf(rounds, count, () => repeat((view) => mapping.map('contact', view, 0)))
const ceiling = await ratesOf(rounds, count, () => repeat(byHand))
const share = (general.median / ceiling.median) * 100
printFigures([
  { name: 'mapping', unit: 'records/s', floor: 100_000, ...general },
  { name: 'mapping, written by hand', unit: 'records/s', ...ceiling },
  { name: 'mapping, share of what is written by hand', unit: '%', best: share, median: share },
])
