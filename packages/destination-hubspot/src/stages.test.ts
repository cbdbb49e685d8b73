import { expect, test } from 'vitest'
import type { Pipeline } from './pipeline.ts'
import { resolveStage, stagesBefore } from './stages.ts'

const stages = ['Placed', 'Paid'].map((label, displayOrder) => ({ id: `s-${label}`, label, displayOrder, metadata: {} }))
const pipelines: Pipeline[] = [
  {
    id: 'default',
    label: 'Sales Pipeline',
    displayOrder: 0,
    stages: [{ id: 'closedwon', label: 'Closed Won', displayOrder: 0, metadata: {} }],
  },
  { id: '77', label: ' commerce ', displayOrder: 1, stages },
]

test.each([
  ['words of core', { pipeline: 'commerce', stage: 'paid' }, { pipeline: '77', stage: 's-Paid' }],
  ['no pipeline', { pipeline: undefined, stage: 'placed' }, { pipeline: '77', stage: 's-Placed' }],
  ['ids', { pipeline: 'default', stage: 'closedwon' }, { pipeline: 'default', stage: 'closedwon' }],
  ['labels', { pipeline: 'sales pipeline', stage: 'closed won' }, { pipeline: 'default', stage: 'closedwon' }],
])('pipeline and stage are found by %s', (_what, words, ids) => {
  expect(resolveStage('deals', pipelines, words)).toEqual(ids)
})

test.each([
  ['pipeline', { pipeline: 'sales-assisted', stage: 'paid' }, 'pipeline_missing', 'pipeline'],
  ['stage', { pipeline: 'commerce', stage: 'returned' }, 'stage_missing', 'dealstage'],
  ['stage of another pipeline', { pipeline: 'commerce', stage: 'closedwon' }, 'stage_missing', 'dealstage'],
])('a %s that the portal lacks stops the destination and names the cure', (_what, words, code, field) => {
  expect(() => resolveStage('deals', pipelines, words)).toThrow(expect.objectContaining({ code, field, scope: 'destination' }))
  expect(() => resolveStage('deals', pipelines, words)).toThrow(/millrace apply/)
})

test.each([
  ['placed', false, []],
  ['placed', true, []],
  ['paid', true, ['placed']],
  ['fulfilled', true, ['placed', 'paid']],
  ['fulfilled', false, ['placed']],
  ['returned', true, ['placed', 'paid', 'fulfilled']],
  ['refunded', true, ['placed', 'paid']],
  ['cancelled', true, ['placed', 'paid']],
  ['cancelled', false, ['placed']],
  ['closedwon', true, []],
])('an order that is %s (paid: %s) went through %j', (stage, isPaid, before) => {
  expect(stagesBefore(stage, isPaid)).toEqual(before)
})
