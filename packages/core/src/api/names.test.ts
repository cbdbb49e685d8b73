import { describe, expect, expectTypeOf, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { memoryStore, recordingDestination, scriptedSource } from '../testing/index.ts'

describe('names of sources and connections', () => {
  const millrace = createMillrace({
    sources: { 'shop-eu': scriptedSource(), 'shop-us': scriptedSource() },
    connections: { 'crm-eu': { destination: recordingDestination() } },
    store: memoryStore(),
  })

  it('are known to the compiler', () => {
    expectTypeOf<Parameters<typeof millrace.acceptRemovals>[0]>().toEqualTypeOf<'crm-eu'>()
    expectTypeOf<NonNullable<Extract<Parameters<typeof millrace.trace>[0], { id: string }>['source']>>().toEqualTypeOf<
      'shop-eu' | 'shop-us'
    >()
  })

  it('are refused at run time too, with the names that exist', async () => {
    const wrong = JSON.parse('"crm-us"')
    await expect(millrace.sync({ connection: wrong })).rejects.toMatchObject({
      code: 'connection_unknown',
      message: expect.stringContaining('crm-eu'),
    })
  })
})
