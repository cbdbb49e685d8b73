import type { Notice } from '../notification.ts'
import type { Problem } from './deliveries.ts'

/** One reception of a notice: `seq` grows with each. */
export interface NoticeRef {
  source: string
  key: string
  seq: number
}

/** A notice on its way in. `problem` = it was not understood and waits for a person. */
export interface IncomingNotice extends Notice {
  source: string
  problem?: Problem
}

/** A notice that waits to be fetched. Times are epoch ms. */
export interface StoredNotice extends Notice, NoticeRef {
  receivedAt: number
  attempts: number
}

/** A notice that could not be fetched: tried again at `nextAt`, or dead (`null`) until it is received again. */
export interface NoticeFailure extends NoticeRef {
  attempts: number
  nextAt: number | null
  problem: Problem
}
