/** Checks every package as it would be published: publint on the tarball, and whether its types resolve (attw). */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { packAll } from './pack-all.ts'

const target = mkdtempSync(join(tmpdir(), 'millrace-pack-'))
let failures = 0
const packages = packAll(target)
for (const { name, tarball } of packages) {
  for (const command of [
    ['publint', 'run', tarball, '--strict'],
    ['attw', tarball, '--profile', 'esm-only', '--format', 'ascii', '--quiet'],
  ]) {
    const [tool = '', ...parameters] = command
    try {
      execFileSync(join(import.meta.dirname, '..', 'node_modules', '.bin', tool), parameters, {
        stdio: ['ignore', 'pipe', 'pipe'],
        encoding: 'utf8',
      })
    } catch (thrown) {
      failures += 1
      const output = thrown instanceof Error && 'stdout' in thrown ? String(thrown.stdout) : String(thrown)
      console.error(`${tool} ${name}\n${output}`)
    }
  }
}
rmSync(target, { recursive: true, force: true })
console.log(`published shape: ${packages.length} packages, ${failures} failures`)
process.exitCode = failures === 0 ? 0 : 1
