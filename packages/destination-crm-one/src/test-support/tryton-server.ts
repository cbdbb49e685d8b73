import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { once } from 'node:events'

/** A Tryton server of this machine's own packages, with an empty database. */
export interface TrytonServer {
  /** With the name of the database. */
  url: string
  token: string
  /** Calls a method as the administrator, past the adapter. Throws what Tryton has against it. */
  call(method: string, ...params: readonly unknown[]): Promise<unknown>
  close(): Promise<void>
}

/** Why it cannot run here; undefined when it can. */
export const trytonMissing = (): string | undefined =>
  ['trytond', 'trytond-admin'].every((command) => spawnSync('which', [command]).status === 0)
    ? undefined
    : 'Tryton is not installed: `npx -y pnpm@12 test:tryton` installs it from Debian packages'

const password = 'millrace-test'

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

const run = async (command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> => {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${command} ended with ${String(code)}: ${said.slice(-2_000)}`)
}

/** Resolves with the answer of the port, asking until it is there or the server has ended. */
const untilReady = async (url: string, server: ChildProcess): Promise<void> => {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`trytond ended with ${server.exitCode}`)
    try {
      await fetch(url)
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** Initialises a database with the module party and starts the server. Takes about ten seconds. */
export const startTryton = async (): Promise<TrytonServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-tryton-'))
  const port = await freePort()
  const config = join(folder, 'trytond.conf')
  const passwordFile = join(folder, 'password')
  await writeFile(config, `[database]\nuri = sqlite://\npath = ${folder}\n[web]\nlisten = 127.0.0.1:${port}\n`)
  await writeFile(passwordFile, `${password}\n`)
  await writeFile(join(folder, 'crm.sqlite'), '')
  const modules = ['-u', 'party', 'marketing', '--activate-dependencies', '--email', 'admin@example.com']
  await run('trytond-admin', ['-c', config, '-d', 'crm', ...modules], { TRYTONPASSFILE: passwordFile })
  const server = spawn('trytond', ['-c', config, '-d', 'crm'], { stdio: 'ignore' })
  const origin = `http://127.0.0.1:${port}`
  await untilReady(origin, server)
  const url = `${origin}/crm`
  const post = async (method: string, params: readonly unknown[], headers: Record<string, string> = {}): Promise<unknown> => {
    const reply = await fetch(`${url}/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ id: 1, method, params }),
    })
    const body: unknown = await reply.json()
    if (typeof body === 'object' && body !== null && 'result' in body) return body.result
    throw new Error(`${method}: ${JSON.stringify(body)}`)
  }
  const login = await post('common.db.login', ['admin', { password }, 'en'])
  const session = Array.isArray(login) ? Buffer.from(['admin', ...login].join(':')).toString('base64') : ''
  return {
    url,
    token: `admin:${password}`,
    call: (method, ...params) => post(method, params, { authorization: `Session ${session}` }),
    async close() {
      const ended = once(server, 'close')
      server.kill()
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}
