import { entities, type Entity } from '@millrace/core'
import { InvalidArgumentError } from 'commander'

const list = (text: string): string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')

const isEntity = (name: string): name is Entity => entities.some((entity) => entity === name)

/** `hubspot-eu,hubspot-us` as names. May be given several times. */
export const parseNames = (text: string, before: readonly string[] = []): string[] => [...before, ...list(text)]

/** `customer,order` as entities. May be given several times. */
export const parseEntities = (text: string, before: readonly Entity[] = []): Entity[] => {
  const names = list(text)
  const known = names.filter(isEntity)
  if (known.length < names.length || known.length === 0) throw new InvalidArgumentError(`Known are ${entities.join(', ')}.`)
  return [...before, ...known]
}

/** One entity. */
export const parseEntity = (text: string): Entity => {
  if (isEntity(text)) return text
  throw new InvalidArgumentError(`Known are ${entities.join(', ')}.`)
}

/** A whole number above zero. */
export const parseCount = (text: string): number => {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above zero.')
  return Number(text)
}

/** A TCP port; 0 takes any that is free. */
export const parsePort = (text: string): number => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65_535)) throw new InvalidArgumentError('It must be a port, 0 to 65535.')
  return port
}

/** A percentage, 0 or more. */
export const parsePercent = (text: string): number => {
  if (!/^\d{1,6}(\.\d{1,6})?$/.test(text)) throw new InvalidArgumentError('It must be a percentage such as 0.5.')
  return Number(text)
}

/** A day (`2026-01-31`, from midnight UTC) or an instant (`2026-01-31T12:00:00Z`) as epoch ms. */
export const parseSince = (text: string): number => {
  const shape = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/
  const at = shape.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new InvalidArgumentError('It must be a day such as 2026-01-31 or an instant such as 2026-01-31T12:00:00Z.')
  return at
}

/** `customer:42` or `customer:shop-eu:42`. */
export const parseRecord = (text: string): string => {
  const [entity = '', ...rest] = text.split(':')
  if (!isEntity(entity) || rest.join(':') === '') throw new InvalidArgumentError('It must be like customer:42 or customer:shop-eu:42.')
  return text
}
