import type { ConnectionConfig } from '../api/config.ts'
import { suggestion } from '../contract/closest.ts'
import type { Contract } from '../contract/contract.ts'
import { MillraceError } from '../error.ts'
import { entities, type Entity } from '../model/record.ts'
import type { Destination, UnitKind } from '../spec/destination.ts'

/** The kind of records that units are made of. Events are chosen by themselves. */
const entityOf: Readonly<Record<Exclude<UnitKind, 'event'>, Entity>> = {
  category: 'category',
  product: 'product',
  company: 'company',
  person: 'customer',
  consent: 'customer',
  order: 'order',
  cart: 'cart',
}

const invalid = (message: string): MillraceError => new MillraceError({ code: 'config_invalid', message, scope: 'destination' })

const checkNames = (at: string, names: readonly string[], known: readonly string[], what: string): void => {
  for (const name of names) if (!known.includes(name)) throw invalid(`${at}: "${name}" is no ${what}; ${suggestion(name, known)}.`)
}

/**
 * The part of a contract that the connection takes by its `entities` and `events`. It has a hash of its own, so that widening it brings what the store holds.
 * Throws MillraceError `config_invalid`.
 */
export const narrowContract = (
  connection: string,
  contract: Contract,
  {
    destination,
    entities: kinds,
    events,
    mode,
  }: Pick<ConnectionConfig, 'entities' | 'events' | 'mode'> & {
    destination: Pick<Destination, 'objects'>
  },
): Contract => {
  const at = `connections.${connection}`
  if (mode !== undefined && !['live', 'observe'].includes(mode)) throw invalid(`${at}.mode must be 'live' or 'observe'.`)
  if (kinds?.length === 0) throw invalid(`${at}.entities is empty; name at least one kind of records, or leave it out.`)
  checkNames(`${at}.entities`, kinds ?? [], entities, 'kind of records')
  checkNames(`${at}.events`, events ?? [], Object.keys(contract.events), 'event that the contract sends')
  const taken = ([object]: readonly [string, unknown]): boolean => {
    const from = destination.objects[object]?.from
    return kinds === undefined || from === undefined || from === 'event' || kinds.includes(entityOf[from])
  }
  return {
    ...contract,
    objects: Object.fromEntries(Object.entries(contract.objects).filter(taken)),
    events: Object.fromEntries(
      Object.entries(contract.events).filter(([type]) => events === undefined || events.some((name) => name === type)),
    ),
  }
}
