import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

/** Sets the variables of a `.env` file in `directory`, where there is one. Variables that are already set win, so a deployment can override the file. */
export const loadEnvFile = async (directory: string, env: NodeJS.ProcessEnv = process.env): Promise<void> => {
  let text
  try {
    text = await readFile(join(directory, '.env'), 'utf8')
  } catch {
    return
  }
  for (const [name, value] of Object.entries(parseEnv(text))) env[name] ??= value
}
