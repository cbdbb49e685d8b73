export * from './same-as-reference.ts'
