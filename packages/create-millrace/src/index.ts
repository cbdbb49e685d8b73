export { destinationNames, sourceNames } from './adapters.ts'
export { createAdapter, createProject, type ProjectOptions } from './create.ts'
export { writeConfig, type ConfigOptions, type Written } from './write-config.ts'
