import fc from 'fast-check'
import { expect, test } from 'vitest'

import { emptySchema, extendSchema, schemaView, type SchemaNode } from './schema.ts'

const leaf = fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null))
const record = fc.dictionary(
  fc.constantFrom('a', 'b', 'c', '__proto__'),
  fc.oneof(leaf, fc.dictionary(fc.constantFrom('x', 'y'), leaf), fc.array(fc.double({ noNaN: true }))),
)

function learn(schema: SchemaNode, json: unknown): SchemaNode | undefined {
  return extendSchema(schema, json, '', [])
}

test('whatever a schema has learned from, it accepts again, unchanged', () => {
  fc.assert(
    fc.property(fc.array(record), (records) => {
      const accepted: unknown[] = []
      let schema = emptySchema
      for (const json of records) {
        const grown = learn(schema, json)
        if (grown === undefined) continue
        schema = grown
        accepted.push(json)
      }
      for (const json of accepted) {
        const again = learn(schema, json)
        expect(again && schemaView(again)).toEqual(schemaView(schema))
      }
    }),
  )
})

test('a field that has a type takes no other one', () => {
  fc.assert(
    fc.property(record, fc.constantFrom('a', 'b', 'c'), (json, name) => {
      const schema = learn(emptySchema, { ...json, [name]: 5 })
      for (const other of ['text', true, {}, [1], '2026-11-21T10:00:00Z'])
        expect(schema && learn(schema, { [name]: other })).toBeUndefined()
    }),
  )
})
