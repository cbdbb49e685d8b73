import type { JobInfo, Settings } from './options.ts'

/** An asynchronous import. */
export interface Job extends JobInfo {
  readonly id: string
  readonly acceptedAt: number
  /** When it will be applied. */
  readonly dueAt: number
  state: 'pending' | 'done' | 'ended'
  /** What the status call reports beside the state, once the job is done or has ended. */
  report: Readonly<Record<string, unknown>>
}

/** How a job ended, and its report. */
export interface JobEnd {
  /** `ended` without having applied anything. */
  readonly state: 'done' | 'ended'
  readonly report: Readonly<Record<string, unknown>>
}

/** The jobs of an account. Jobs whose time has come are applied before a request is looked at, in the order in which they were due. */
export interface Jobs {
  readonly all: readonly Job[]
  /** Accepts a job; `apply` returns its report. */
  accept(kind: Job['kind'], rows: number, apply: () => JobEnd): Job
  find(kind: Job['kind'], id: string): Job | undefined
  active(kind: Job['kind']): number
  /** Applies what is due. */
  run(): void
  /** Applies everything pending now, oldest first. Returns how many. */
  finish(): number
}

/** Creates the jobs of an account. @param newId gives ids */
export function createJobs(settings: Settings, newId: () => string): Jobs {
  const all: Job[] = []
  const byId = new Map<string, Job>()
  let pending: { readonly job: Job; readonly apply: () => JobEnd }[] = []

  function end(due: typeof pending): void {
    pending = pending.filter((entry) => !due.includes(entry))
    for (const { job, apply } of due) Object.assign(job, apply())
  }

  return {
    all,
    accept(kind, rows, apply) {
      const info: JobInfo = { number: all.length + 1, kind, rows }
      const delay = typeof settings.importMs === 'function' ? settings.importMs(info) : settings.importMs
      const acceptedAt = settings.now()
      const job: Job = { ...info, id: newId(), acceptedAt, dueAt: acceptedAt + delay, state: 'pending', report: {} }
      all.push(job)
      byId.set(job.id, job)
      pending.push({ job, apply })
      return job
    },
    find(kind, id) {
      const job = byId.get(id)
      return job?.kind === kind ? job : undefined
    },
    active: (kind) => pending.filter(({ job }) => job.kind === kind).length,
    run() {
      const now = settings.now()
      const due = pending.filter(({ job }) => job.dueAt <= now)
      if (due.length > 0) end(due.toSorted((a, b) => a.job.dueAt - b.job.dueAt))
    },
    finish() {
      const due = pending
      end(due)
      return due.length
    },
  }
}
