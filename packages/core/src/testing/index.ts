export * from './memory-store.ts'
export * from './scripted-source.ts'
export * from './recording-destination.ts'
export * from './consenting-destination.ts'
