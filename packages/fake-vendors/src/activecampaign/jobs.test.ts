import fc from 'fast-check'
import { expect, test } from 'vitest'

import { createJobs } from './jobs.ts'

test('work is done in the order of time, then of arrival, and never before its time', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20)), fc.array(fc.nat(25)), (dues, looks) => {
      const jobs = createJobs()
      const done: [number, number][] = []
      for (const [index, due] of dues.entries()) jobs.at(due, (at) => done.push([at, index]))
      let now = 0
      for (const look of looks) {
        now = Math.max(now, look)
        jobs.runDue(now)
        expect(jobs.waiting).toBe(dues.filter((due) => due > now).length)
      }
      jobs.runAll()
      expect(done).toEqual(dues.map((due, index) => [due, index] as const).toSorted((a, b) => a[0] - b[0] || a[1] - b[1]))
    }),
  )
})

test('work that brings up more work gets it done in the same look when it is due by then', () => {
  const jobs = createJobs()
  const done: string[] = []
  jobs.at(10, (at) => {
    done.push('first')
    jobs.at(at + 10, () => done.push('follows'))
  })
  jobs.at(15, () => done.push('second'))
  jobs.runDue(19)
  expect(done).toEqual(['first', 'second'])
  jobs.runDue(20)
  expect([done, jobs.waiting]).toEqual([['first', 'second', 'follows'], 0])
})
