export * from './fake-clock.ts'
export type { Fault, ReceivedRequest, RequestMatch } from './fault.ts'
export * from './fault-server.ts'
