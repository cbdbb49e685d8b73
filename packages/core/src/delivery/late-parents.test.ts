import { describe, expect, it } from 'vitest'
import { createMillrace } from '../create-millrace.ts'
import { MillraceError } from '../error.ts'
import { companySchema } from '../model/company.ts'
import { customerSchema } from '../model/customer.ts'
import { orderSchema } from '../model/order.ts'
import { memoryStore, recordingDestination, scriptedSource, type RecordingDestination } from '../testing/index.ts'

const stamps = { createdAt: '2026-05-01T00:00:00.000Z', modifiedAt: '2026-05-01T00:00:00.000Z' }
const euro = (amount: string) => ({ currency: 'EUR', amount })
const company = companySchema.parse({ entity: 'company', id: 'acme', name: 'Acme', ...stamps })
const member = customerSchema.parse({
  entity: 'customer',
  id: 'c1',
  email: 'c1@example.com',
  locale: 'de',
  companyIds: ['acme'],
  ...stamps,
})
const order = orderSchema.parse({
  entity: 'order',
  id: 'o1',
  customerId: 'c1',
  placedAt: stamps.createdAt,
  gross: euro('5.00'),
  refunded: euro('0.00'),
  lines: [{ id: 'l1', quantity: 1, unitPrice: euro('5.00'), total: euro('5.00') }],
  ...stamps,
})

/** A clock whose waits pass at once. */
const hasty = () => {
  let ahead = 0
  const sleep = async (ms: number): Promise<void> => {
    ahead += ms
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { now: () => Date.now() + Math.ceil(ahead), monotonic: () => performance.now() + ahead, sleep }
}

const millraceOf = (crm: RecordingDestination) => {
  const shop = scriptedSource()
  for (const record of [company, member, order]) shop.put(record)
  return createMillrace({ sources: { shop }, connections: { crm: { destination: crm } }, store: memoryStore(), clock: hasty() })
}

/** Lets the first attempt for an object fail. */
const failing = (crm: RecordingDestination, object: string, retryable: boolean): void => {
  let failed = false
  crm.intercept = (input) => {
    if (input.object !== object || failed) return undefined
    failed = true
    return { unit: input.unit, result: 'failed', error: new MillraceError({ code: 'vendor_unavailable', message: 'Not now.', retryable }) }
  }
}

describe('a parent that can be done without', () => {
  it('is waited for while it is on its way, so that the link is not lost', async () => {
    const crm = recordingDestination()
    failing(crm, 'company', true)
    expect((await millraceOf(crm).backfill()).run.status).toBe('completed')
    expect(crm.objectsOf('contact')[0]?.parents).toEqual([crm.objectsOf('company')[0]?.remoteId])
  })

  it('holds nobody back when it is a dead letter', async () => {
    const crm = recordingDestination()
    failing(crm, 'company', false)
    const report = await millraceOf(crm).backfill()
    expect(report.connections['crm']).toMatchObject({ deadLettered: 1, parked: 0 })
    expect(crm.objectsOf('contact')).toHaveLength(1)
    expect(crm.objectsOf('deal')).toHaveLength(1)
  })

  it('is linked by those who went without it, when its dead letter is replayed', async () => {
    const crm = recordingDestination()
    failing(crm, 'company', false)
    const millrace = millraceOf(crm)
    await millrace.backfill()
    expect(crm.objectsOf('contact')[0]?.parents).toEqual([])
    await millrace.deadLetters.replay({})
    expect((await millrace.sync()).run.status).toBe('completed')
    const [made] = crm.objectsOf('company')
    expect(crm.objectsOf('contact')[0]?.parents).toEqual([made?.remoteId])
    const sent = crm.inputs.length
    await millrace.sync()
    expect(crm.inputs).toHaveLength(sent)
  })
})

describe('children', () => {
  it('that were on their way when an attempt broke off are named to the next one', async () => {
    const crm = recordingDestination()
    let lost = 0
    crm.intercept = ({ object }) => (object === 'deal' && lost++ === 0 ? 'lost' : undefined)
    await millraceOf(crm).backfill()
    const [first, second] = crm.inputs.flat().filter(({ object }) => object === 'deal')
    expect(first).toMatchObject({ objects: {}, uncertain: false })
    expect(Object.values(second?.objects ?? {})).toEqual([''])
    expect(Object.keys(second?.objects ?? {})).toEqual(second?.children.map(({ key }) => key))
  })
})

describe('a store that was lost', () => {
  it('leaves fields that the destination owns alone, also where only our key tells that the object is known', async () => {
    const crm = recordingDestination()
    await millraceOf(crm).backfill()
    const contact = crm.objectsOf('contact')[0]
    Object.assign(contact?.fields ?? {}, { stage: 'theirs', email: 'changed-there@example.com' })
    await millraceOf(crm).backfill()
    expect(crm.objectsOf('contact')).toHaveLength(1)
    expect(contact?.fields['stage']).toBe('theirs')
  })
})
