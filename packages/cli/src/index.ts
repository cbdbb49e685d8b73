export { runCli } from './main.ts'
export type { Environment, Output } from './environment.ts'
export { scaffold, type Scaffold, type ScaffoldOptions } from './init/scaffold.ts'
