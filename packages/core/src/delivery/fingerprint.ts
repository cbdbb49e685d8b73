import { hash } from 'node:crypto'
import type { FieldValue, Membership, ObjectLink } from '../spec/destination.ts'

/** What was settled last, in few bytes: enough to tell whether and where a new version differs, without keeping the values. */
export interface Fingerprint {
  /** Our key as the vendor holds it. */
  key: string
  /** Short hashes by field and by child key, and one of the parents. */
  fields: Record<string, string>
  children: Record<string, string>
  parents: string
  /** One hash of the lists and tags; absent when there are none. */
  memberships?: string
  /** Written as one that the connection no longer takes. */
  left?: true
  /** Of objects made from consent, by topic. */
  consent?: Record<string, SettledConsent>
}

/** What was settled of one topic. */
export interface SettledConsent {
  /** Hash of the decision. */
  hash: string
  /** What we wrote last; absent when we never wrote. */
  word?: 'granted' | 'denied'
  /** Present when it was written with this very delivery. */
  written?: { at: number | null }
  /** When a denial of the source that tells no time was first seen, epoch ms. */
  untimedSince?: number
}

/** A value in 48 bits: enough to tell whether it is another one. */
export const shortHash = (value: unknown): string => hash('sha256', JSON.stringify(value), 'base64url').slice(0, 8)

const linksText = (links: readonly ObjectLink[]): string =>
  links
    .map((link) => `${link.object}:${link.remoteId}`)
    .toSorted()
    .join(' ')

/** Takes the fingerprint of what is about to be written. */
export const takeFingerprint = (unit: {
  key: string
  fields: Readonly<Record<string, FieldValue>>
  children: readonly { key: string; fields: Readonly<Record<string, FieldValue>>; links: readonly ObjectLink[] }[]
  parents: readonly ObjectLink[]
  memberships: readonly Membership[]
  left?: boolean
}): Fingerprint => ({
  key: unit.key,
  fields: Object.fromEntries(Object.entries(unit.fields).map(([name, value]) => [name, shortHash(value)])),
  children: Object.fromEntries(unit.children.map((child) => [child.key, shortHash([child.fields, linksText(child.links)])])),
  parents: unit.parents.length === 0 ? '' : shortHash(linksText(unit.parents)),
  ...(unit.memberships.length === 0 ? {} : { memberships: shortHash(unit.memberships.map(({ kind, name }) => [kind, name])) }),
  ...(unit.left === true ? { left: true } : {}),
})

/** Reads a stored fingerprint; undefined when there is none. */
export const parseFingerprint = (text: string | null): Fingerprint | undefined =>
  text === null ? undefined : (JSON.parse(text) as Fingerprint)

/** Names of the fields whose value differs from what was settled. */
export const changedFields = (settled: Fingerprint | undefined, now: Fingerprint): string[] =>
  Object.keys(now.fields).filter((name) => settled?.fields[name] !== now.fields[name])

/** Whether nothing at all has to be written: same key, no field, child, parent or membership differs, and no child is gone. */
export const isUnchanged = (settled: Fingerprint | undefined, now: Fingerprint): boolean =>
  settled !== undefined &&
  settled.key === now.key &&
  settled.parents === now.parents &&
  settled.memberships === now.memberships &&
  settled.left === now.left &&
  changedFields(settled, now).length === 0 &&
  Object.keys(settled.children).length === Object.keys(now.children).length &&
  Object.entries(now.children).every(([key, value]) => settled.children[key] === value)
