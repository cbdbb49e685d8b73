import type { Destination, ObjectSpec } from '../spec/destination.ts'
import type { ConsentRules, ObjectContract } from './contract.ts'
import type { Problems } from './problems.ts'

/** Checks that every topic has somewhere to go among the objects in use, and that regions name countries. */
export const checkConsent = (
  { topics, regions }: ConsentRules,
  objects: Readonly<Record<string, ObjectContract>>,
  destination: Pick<Destination, 'name' | 'objects'>,
  problems: Problems,
): void => {
  const takers = Object.entries(destination.objects).filter(([name, spec]) => spec.from === 'consent' && Object.hasOwn(objects, name))
  for (const [name, { channel, target }] of Object.entries(topics)) {
    const at = `consent.topics.${name}`
    const taking = takers.filter(([, spec]) => takesChannel(spec, channel))
    if (taking.length === 0) problems.add(`${at}.channel`, missing(destination, takers, channel))
    const [needing] = taking.find(([, spec]) => spec.needsTarget === true) ?? []
    if (needing !== undefined && target === undefined)
      problems.add(
        `${at}.target`,
        `is missing; name what ${destination.name} calls this topic, since ${needing} has several of the channel ${channel}`,
      )
  }
  for (const country of Object.keys(regions?.countries ?? {})) {
    if (!/^[A-Z]{2}$/.test(country))
      problems.add(`consent.regions.countries.${country}`, 'is not an ISO 3166-1 alpha-2 country code; write it like "DE"')
  }
}

/** Whether an object made from consent takes a channel. */
export const takesChannel = ({ channels }: ObjectSpec, channel: NonNullable<ObjectSpec['channels']>[number]): boolean =>
  channels === undefined || channels.includes(channel)

const missing = (
  { name, objects }: Pick<Destination, 'name' | 'objects'>,
  takers: readonly (readonly [string, ObjectSpec])[],
  channel: string,
): string => {
  const off = Object.keys(objects).find((object) => objects[object]?.from === 'consent' && !takers.some(([taker]) => taker === object))
  if (takers.length === 0)
    return off === undefined
      ? `${name} takes no consent; take the topic out`
      : `the contract has no object that consent goes to; switch ${off} on, or take the topic out`
  const known = [...new Set(takers.flatMap(([, { channels }]) => channels ?? []))]
  return `${name} takes no consent for the channel ${channel}, only for ${known.join(', ')}; take the topic out or correct its channel`
}
