/** An event as event tracking took it in: no id, and the time is when it arrived. */
export interface TrackedEvent {
  readonly event: string
  readonly eventdata: string
  readonly email: string
  readonly at: number
}
