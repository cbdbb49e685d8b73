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
  readonly run: (at: number) => void
}

/** Creates the list of pending work, done in the order of time and then of arrival. */
export function createJobs(): Jobs {
  const jobs: Job[] = []

  function run(until: number): number {
    let done = 0
    for (let job = jobs[0]; job !== undefined && job.dueAt <= until; job = jobs[0]) {
      jobs.shift()
      job.run(job.dueAt)
      done += 1
    }
    return done
  }

  return {
    at(dueAt, action) {
      const after = jobs.findLastIndex((job) => job.dueAt <= dueAt)
      jobs.splice(after + 1, 0, { dueAt, run: action })
    },
    runDue: (now) => void run(now),
    runAll: () => run(Infinity),
    get waiting() {
      return jobs.length
    },
  }
}
