import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')

/** A package as it would be published. */
export interface Packed {
  name: string
  folder: string
  tarball: string
}

/** Packs every public package into `target`. They must be built before. */
export const packAll = (target: string): Packed[] => {
  mkdirSync(target, { recursive: true })
  return readdirSync(join(root, 'packages')).flatMap((name) => {
    const folder = join(root, 'packages', name)
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name: string; version: string; private?: boolean }
    if (manifest.private === true) return []
    execFileSync('npx', ['-y', 'pnpm@12', 'pack', '--pack-destination', target], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
    const tarball = join(target, `${manifest.name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`)
    return [{ name: manifest.name, folder, tarball }]
  })
}
