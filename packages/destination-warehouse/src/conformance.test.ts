import type { FieldValue } from '@millrace/adapter-kit'
import { checkDestinationRule, destinationRules, type DestinationFake } from '@millrace/adapter-kit/testing'
import pg from 'pg'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { startPostgres, type TestPostgres } from './test-support/postgres.ts'
import { warehouse } from './warehouse.ts'

/** The rules of the suite that need no HTTP: what becomes of records, and what is told of them. */
const rules = destinationRules.filter(({ id }) =>
  [
    'declares-version',
    'declares-objects',
    'plan-settles',
    'apply-again',
    'outcome-per-input',
    'whole-claim',
    'nothing-for-nothing',
    'repeated-key',
    'fields-are-held',
    'updates-are-written',
    'blank-clears',
    'amounts-are-exact',
    'belongs-to-its-person',
    'children-are-whole',
    'archives',
    'erases',
  ].includes(id),
)

let postgres: TestPostgres
beforeAll(async () => {
  postgres = await startPostgres()
})
afterAll(() => postgres.stop())

interface Current {
  fields: Record<string, FieldValue>
  children: { fields: Record<string, FieldValue> }[]
  parents: { object: string; key: string }[]
}

const samples: Readonly<Record<string, (n: number) => Record<string, FieldValue>>> = {
  customer: (n) => ({ email: `Person.${n}@Example.com`, first_name: `Given ${n}`, last_name: `Family Name ${n}`, order_count: n }),
  order: (n) => ({ number: `N-${n}`, placed_at: '2026-03-01T23:30:00.000Z', currency: 'EUR', gross: `${n}.90`, net: `${n}.10` }),
}

let schemas = 0
let schema = ''

/** The suite's handles: the view is read with SQL of its own. */
const fake = async (): Promise<DestinationFake> => {
  schemas += 1
  schema = `suite_${schemas}`
  const client = new pg.Client(postgres.connectionString)
  await client.connect()
  await client.query(`CREATE SCHEMA ${schema}`)
  const own = schema
  const rows = async (where: string, values: readonly string[]): Promise<Current[]> =>
    (await client.query(`SELECT fields, children, parents FROM ${own}.millrace_current WHERE ${where}`, [...values])).rows
  const held = async (remoteId: string): Promise<Current | undefined> => (await rows(`object || '/' || key = $1`, [remoteId]))[0]
  return {
    url: 'http://127.0.0.1:9',
    sample: (object, n) => ({
      fields: samples[object]?.(n) ?? {},
      children:
        object === 'order'
          ? ['a', 'b'].map((id) => ({
              object: 'line',
              key: `line-${n}-${id}`,
              fields: { name: `Line ${n} ${id}`, total: `${n}.05` },
              links: [],
              changed: true,
            }))
          : [],
    }),
    poison: (input) => input,
    async count(object, parent) {
      const all = await rows('object = $1', [parent ?? object])
      return parent === undefined ? all.length : all.flatMap(({ children }) => children).length
    },
    keyOf: async (object, remoteId) => ((await held(remoteId)) === undefined ? undefined : remoteId.slice(object.length + 1)),
    fieldsOf: async (_, remoteId) => (await held(remoteId))?.fields,
    childrenOf: async (_, remoteId) => ((await held(remoteId))?.children ?? []).map(({ fields }) => fields),
    parentsOf: async (_, remoteId) =>
      ((await held(remoteId))?.parents ?? []).flatMap(({ object, key }) => (object === 'customer' ? [`${object}/${key}`] : [])),
    close: () => client.end(),
  }
}

const destination = () => warehouse({ connectionString: postgres.connectionString, schema })

const exempting = warehouse({ connectionString: 'postgres://127.0.0.1:9/none' })

describe.each(['customer', 'order'])('%s in PostgreSQL', (object) => {
  it.each(rules.filter((rule) => rule.exempt?.(exempting, object) === undefined).map((rule) => [rule.id, rule] as const))(
    '%s',
    { timeout: 60_000 },
    (_, rule) => checkDestinationRule(rule, object, { destination, fake }),
  )
})
