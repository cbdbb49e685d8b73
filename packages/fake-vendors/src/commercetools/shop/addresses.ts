import type { Dice } from './dice.ts'
import type { Region } from './regions.ts'

/** An address; all fields but the country may be missing. */
export interface Address {
  id?: string
  key?: string
  firstName?: string
  lastName?: string
  company?: string
  streetName?: string
  streetNumber?: string
  postalCode?: string
  city?: string
  region?: string
  country: string
  phone?: string
  email?: string
}

/** A name that fits a region, seldom of another one. */
export function drawName(dice: Dice, region: Region): { firstName: string; lastName: string } {
  return { firstName: dice.pick(region.firstNames), lastName: dice.pick(region.lastNames) }
}

/** An address in a region for a person. */
export function drawAddress(dice: Dice, region: Region, name: { firstName: string; lastName: string }): Address {
  const [city, postalCode, state] = dice.pick(region.cities)
  return {
    id: dice.uuid().slice(0, 8),
    ...name,
    streetName: dice.pick(region.streets),
    streetNumber: `${dice.between(1, 199)}${dice.chance(0.1) ? ' b' : ''}`,
    postalCode,
    city,
    ...(state === undefined ? {} : { region: state }),
    country: region.country,
    ...(dice.chance(0.6) ? { phone: `${region.phonePrefix}${dice.between(1_000_000, 9_999_999)}` } : {}),
  }
}
