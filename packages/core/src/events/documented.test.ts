import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { eventTypes } from '../model/event.ts'
import { kindAt, viewCatalog } from '../views/catalog.ts'
import { eventTraits } from './event-traits.ts'

const guide = readFileSync(new URL('../../../../docs/guides/events.md', import.meta.url), 'utf8')

it('docs/guides/events.md lists every type with its kind, in order, and no other', () => {
  const rows = [...guide.matchAll(/^\| `([a-z.-]+)` \|.*\| (marketing|transactional) \|$/gm)].map(([, type, kind]) => [type, kind])
  expect(rows).toEqual(eventTypes.map((type) => [type, eventTraits[type].purpose]))
})

it('every path that docs/guides/events.md names is one of the view', () => {
  const section = guide.slice(guide.indexOf('## What they tell'), guide.indexOf('## Once, or not at all'))
  const paths = section
    .split('\n')
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-zA-Z.]+)`/g)].map(([, path]) => path ?? ''))
  expect(paths.length).toBeGreaterThan(25)
  expect(paths.filter((path) => kindAt(viewCatalog.event, path) === undefined)).toEqual([])
})
