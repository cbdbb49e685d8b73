export { runCli } from './main.ts'
export type { Environment, Output } from './environment.ts'
