import { once } from 'node:events'
import { createMillrace, customerSchema, type Customer } from '@millrace/core'
import { memoryStore, recordingDestination, scriptedSource } from '@millrace/core/testing'
import { expect, it } from 'vitest'
import { serve } from './service.ts'

const stamp = '2026-05-01T00:00:00.000Z'
const customer = (id: string, firstName: string): Customer =>
  customerSchema.parse({ entity: 'customer', id, createdAt: stamp, modifiedAt: stamp, email: `${id}@example.com`, firstName })

it('syncs by itself, pushes one customer when asked, and ends with the signal', async () => {
  const shop = scriptedSource()
  const crm = recordingDestination()
  shop.put(customer('ada', 'Ada'))
  const millrace = createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store: memoryStore() })
  const firstPass = new Promise((resolve) => millrace.on('run.finished', resolve))
  const stop = new AbortController()
  const server = serve(millrace, stop.signal).listen(0, '127.0.0.1')
  await once(server, 'listening')
  await firstPass
  expect(crm.objectsOf('contact').map(({ fields }) => fields['email'])).toEqual(['ada@example.com'])

  const address = server.address()
  const base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : ''}`
  shop.put(customer('bob', 'Bob'))
  const pushed = await fetch(`${base}/customers/bob`, { method: 'POST' })
  expect(await pushed.json()).toMatchObject({ run: { kind: 'push', status: 'completed' }, connections: { crm: { created: 1 } } })
  const status = await fetch(base)
  expect(await status.json()).toMatchObject({ connections: { crm: {} }, rejected: 0 })

  stop.abort()
  await once(server, 'close')
  await expect(millrace.sync()).rejects.toMatchObject({ code: 'closed' })
})
