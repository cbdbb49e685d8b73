import { readFileSync } from 'node:fs'

/** The range that a new package asks for of our packages: they are released together. */
export const versionRange = (): string => {
  const { version }: { version: string } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return `^${version}`
}
