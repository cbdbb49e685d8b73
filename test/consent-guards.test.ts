import { describe, expect, it } from 'vitest'
import {
  careless,
  conditions,
  type Guard,
  guards,
  left,
  type LivenessOptions,
  type Path,
  paths,
  subscribedAfter,
} from './support/consent-liveness.ts'
import { livenessVendors } from './support/liveness-vendors.ts'

const people = 8

/** Who is subscribed at a vendor though nothing lifts their opt-out. */
const wronglySubscribed = async (vendorName: string, path: Path, mutate: NonNullable<LivenessOptions['mutate']>): Promise<string[]> => {
  const vendor = await livenessVendors[vendorName]?.()
  if (vendor === undefined) throw new Error(`there is no vendor ${vendorName}`)
  try {
    const { subscribed, expected } = await subscribedAfter(vendor, path, { people, mutate })
    return subscribed.filter((email) => !expected.includes(email))
  } finally {
    await vendor.close()
  }
}

/** Paths on which a guard does not do alone, and why the others are needed. */
const notAlone: Readonly<Record<string, Partial<Record<Guard, readonly Path[]>>>> = {
  // The mirror of opt-outs is on the contact, and on a first sync there is none yet.
  hubspot: { 'reads opt-outs back': ['first sync'] },
  // A contact that was made not mailable and one that left without ever having been subscribed look alike; only the list of who left has a time.
  marketing: { 'asks before it writes': ['delta', 'backfill'], 'refuses by itself': ['delta', 'backfill'] },
  // Nobody can be asked for by address, and before the person is delivered only the address is known.
  'crm-one': { 'asks before it writes': ['first sync', 'adoption'] },
}

const scenes = Object.keys(livenessVendors).flatMap((vendor) =>
  guards.flatMap((guard) => paths.map((path) => ({ vendor, guard, path, alone: notAlone[vendor]?.[guard]?.includes(path) !== true }))),
)

describe.concurrent('an adapter that is left with one guard of opt-outs', () => {
  it.each(scenes.filter(({ alone }) => alone))('$vendor, $guard, $path: subscribes nobody wrongly', async ({ vendor, guard, path }) => {
    expect(await wronglySubscribed(vendor, path, left(guard))).toEqual([])
  })

  it.each(scenes.filter(({ alone }) => !alone))('$vendor, $guard, $path: needs another', async ({ vendor, guard, path }) => {
    expect(await wronglySubscribed(vendor, path, left(guard))).not.toEqual([])
  })

  it.each(Object.keys(conditions))('under an engine that asks no opt-in for %s is found out', async (condition) => {
    expect(await wronglySubscribed('activecampaign', 'first sync', careless(condition))).toHaveLength(people / 4)
  })
})
