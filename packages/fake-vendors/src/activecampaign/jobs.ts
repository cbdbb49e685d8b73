/** Work that happens after the answer: imports, orders that become readable, copies to Deep Data. */
export interface Jobs {
  /** Does something at a time of the fake's clock. It is told that time, so what follows from it can be planned from there. */
  at(dueAt: number, run: (at: number) => void): void
  /** Does what is due now. */
  runDue(now: number): void
  /** Does everything that waits, whatever its time, and what that brings up. Returns how many. */
  runAll(): number
  readonly waiting: number
}

interface Job {
  readonly dueAt: number
  readonly sequence: number
  readonly run: (at: number) => void
}

/** Creates the list of pending work, done in the order of time and then of arrival. */
export function createJobs(): Jobs {
  let jobs: Job[] = []
  let sequence = 0

  function next(until: number): Job | undefined {
    let first: Job | undefined
    for (const job of jobs) {
      if (job.dueAt > until) continue
      if (first === undefined || job.dueAt < first.dueAt || (job.dueAt === first.dueAt && job.sequence < first.sequence)) first = job
    }
    return first
  }

  function run(until: number): number {
    let done = 0
    for (let job = next(until); job !== undefined; job = next(until)) {
      const current = job
      jobs = jobs.filter((other) => other !== current)
      current.run(current.dueAt)
      done += 1
    }
    return done
  }

  return {
    at(dueAt, action) {
      sequence += 1
      jobs.push({ dueAt, sequence, run: action })
    },
    runDue: (now) => void run(now),
    runAll: () => run(Infinity),
    get waiting() {
      return jobs.length
    },
  }
}
