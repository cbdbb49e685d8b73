import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'

/** Google's token service, as far as a receiver sees it: its keys at an address, and tokens signed with one of them. */
export interface FakeGoogle {
  keysUrl: string
  /** Requests for the keys so far. */
  asked(): number
  token(claims?: JWTPayload, options?: { alg?: string; kid?: string; foreign?: boolean; expiresAt?: number }): Promise<string>
  /** Answers requests for the keys with 503. */
  fail(): void
  close(): Promise<void>
}

/** Starts it on a free port. `now` in epoch ms decides issue and expiry of tokens. */
export const startFakeGoogle = async (now: number): Promise<FakeGoogle> => {
  const own = await generateKeyPair('RS256', { extractable: true })
  const foreign = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  let asked = 0
  let failing = false
  const server = createServer((_, reply) => {
    asked += 1
    if (failing) return reply.writeHead(503).end()
    return reply.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    keysUrl: `http://127.0.0.1:${port}/certs`,
    asked: () => asked,
    token: (claims = {}, options = {}) => {
      const seconds = Math.floor(now / 1000)
      return new SignJWT({
        iss: 'https://accounts.google.com',
        aud: 'https://millrace.example/hooks/shop',
        email: 'push@project.iam.gserviceaccount.com',
        email_verified: true,
        sub: '1',
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', kid: options.kid ?? 'k1' })
        .setIssuedAt(seconds)
        .setExpirationTime(options.expiresAt ?? seconds + 3600)
        .sign(options.foreign === true ? foreign.privateKey : own.privateKey)
    },
    fail: () => {
      failing = true
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
