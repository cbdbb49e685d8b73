import type { FakeCommercetools } from '../start.ts'
import { stamps } from './calendar.ts'
import type { Dice } from './dice.ts'
import { money } from './money.ts'
import { localized } from './settings.ts'

interface AttributeType {
  name: string
  [setting: string]: unknown
}

/** An attribute as it stands on a variant. */
export interface Attribute {
  name: string
  value: unknown
}

const COLOURS = ['red', 'blue', 'grün', '黒'].map((label, index) => ({ key: `colour-${index}`, label }))
const SIZES = ['S', 'M', 'L', 'XL'].map((key) => ({ key, label: localized(key) }))

const DEFINITIONS: Readonly<Record<string, AttributeType>> = {
  waterproof: { name: 'boolean' },
  material: { name: 'text' },
  weight: { name: 'number' },
  season: { name: 'date' },
  dailyDrop: { name: 'time' },
  availableFrom: { name: 'datetime' },
  colour: { name: 'enum', values: COLOURS },
  size: { name: 'lenum', values: SIZES },
  care: { name: 'ltext' },
  deposit: { name: 'money' },
  accessory: { name: 'reference', referenceTypeId: 'product' },
  dimensions: { name: 'nested', typeReference: { typeId: 'product-type', id: 'product-type-dimensions' } },
  tags: { name: 'set', elementType: { name: 'text' } },
  colours: { name: 'set', elementType: { name: 'enum', values: COLOURS } },
}

/** Adds two product types: one with an attribute of every type, and the one that its nested attribute holds. */
export function addProductTypes({ project }: FakeCommercetools, createdAt: number): void {
  const define = (id: string, types: Readonly<Record<string, AttributeType>>): void => {
    const attributes = Object.entries(types).map(([name, type]) => {
      const attributeConstraint = name === 'size' || name === 'colour' ? 'CombinationUnique' : 'None'
      return { name, label: localized(name), isRequired: false, isSearchable: true, inputHint: 'SingleLine', attributeConstraint, type }
    })
    project.add('product-type', { ...stamps(createdAt), id, key: id, name: id, description: id, attributes })
  }
  define('product-type-dimensions', { length: { name: 'number' }, unit: { name: 'text' } })
  define('product-type-clothing', DEFINITIONS)
}

/** Values for a variant: colour and size always, of the others about half. `accessoryId` is the product that the reference names. */
export function drawAttributes(dice: Dice, variant: number, accessoryId: string | undefined): Attribute[] {
  const all: Attribute[] = [
    { name: 'waterproof', value: dice.chance(0.5) },
    { name: 'material', value: dice.pick(['Wolle', 'cotton', '絹', 'lin & soie', 'قطن']) },
    { name: 'weight', value: dice.between(1, 2000) / 100 },
    { name: 'season', value: '2025-03-01' },
    { name: 'dailyDrop', value: '18:30:00.000' },
    { name: 'availableFrom', value: '2024-02-29T09:00:00.000Z' },
    { name: 'care', value: localized('Wash cold') },
    { name: 'deposit', value: money('EUR', dice.between(25, 500)) },
    {
      name: 'dimensions',
      value: [
        { name: 'length', value: dice.between(1, 99) },
        { name: 'unit', value: 'cm' },
      ],
    },
    { name: 'tags', value: dice.some(['new', 'sale', 'réduit', 'eco'], 2) },
    { name: 'colours', value: dice.some(COLOURS, 2) },
    ...(accessoryId === undefined ? [] : [{ name: 'accessory', value: { typeId: 'product', id: accessoryId } }]),
  ]
  const always: Attribute[] = [
    { name: 'colour', value: dice.pick(COLOURS) },
    { name: 'size', value: SIZES[variant % SIZES.length] },
  ]
  return [...always, ...all.filter(() => dice.chance(0.5))]
}
