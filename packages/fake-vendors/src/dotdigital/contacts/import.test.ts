import { expect, test } from 'vitest'

import { byEmail, imported, raw, withFake } from '../raw.ts'
import type { FakeDotdigital } from '../server.ts'

const noon = Date.UTC(2026, 10, 21, 12)

function row(email: string, more: object = {}): object {
  return { matchIdentifier: 'email', identifiers: { email }, ...more }
}

function start(fake: FakeDotdigital, ...contacts: unknown[]): ReturnType<typeof raw> {
  return raw(fake, 'PUT', '/contacts/v3/import', { contacts })
}

function poll(fake: FakeDotdigital, accepted: Awaited<ReturnType<typeof raw>>): ReturnType<typeof raw> {
  return raw(fake, 'GET', `/contacts/v3/import/${String(accepted.json['importId'])}`)
}

test('contact-import-async: 202 first, nothing is applied until it is finished, then the report tells all', () => {
  let now = noon
  return withFake({ importMs: 5000, now: () => now }, async (fake) => {
    fake.account.addContact({ identifiers: { email: 'bob@example.com' } })
    const accepted = await start(fake, row('ada@example.com'), row('bob@example.com', { dataFields: { FIRSTNAME: 'Bob' } }), row('nobody'))
    expect([accepted.status, (await poll(fake, accepted)).body]).toEqual([
      202,
      { importId: accepted.json['importId'], status: 'NotFinished' },
    ])
    now = noon + 4999
    expect([fake.account.contactOf('ada@example.com'), (await raw(fake, 'GET', byEmail('ada@example.com'))).status]).toEqual([
      undefined,
      404,
    ])
    now = noon + 5000
    expect((await poll(fake, accepted)).json).toMatchObject({
      status: 'Finished',
      summary: { newContacts: 1, updatedContacts: 1, globallySuppressed: 0, invalidEntries: 1, duplicateIdentifiers: 0 },
      created: [{ contactId: fake.account.contactOf('ada@example.com')?.id, identifiers: { email: 'ada@example.com' } }],
      updated: [{ identifiers: { email: 'bob@example.com' } }],
      failures: [{ matchIdentifier: 'email', identifiers: { email: 'nobody' }, failures: [{ failureCode: 'InvalidEmail' }] }],
    })
    expect(fake.requests[0]).toMatchObject({ inputs: 3, status: 202 })
  })
})

test('contact-imports-25-active: the 26th is refused until one is done', () =>
  withFake({ importMs: Infinity }, async (fake) => {
    for (let count = 0; count < 25; count += 1) expect((await start(fake, row(`u${count}@example.com`))).status).toBe(202)
    const refused = await start(fake, row('late@example.com'))
    expect([refused.status, refused.error]).toEqual([429, 'contacts:tooManyActiveImports'])
    expect(fake.account.finishImports()).toBe(25)
    expect((await start(fake, row('late@example.com'))).status).toBe(202)
    expect(fake.account.contacts()).toHaveLength(25)
  }))

test('contact-import-failure-codes: one bad row costs that row, and its code says why', () =>
  withFake({}, async (fake) => {
    fake.account.suppressGlobally('gone@example.com')
    fake.account.suppressDomain('blocked.example')
    const rows: Record<string, unknown> = {
      ApiSchemaViolation: { matchIdentifier: 'email' },
      InvalidEmail: row('a@b@example.com'),
      InvalidDomain: row('a@example'),
      InvalidPhoneNumber: row('phone@example.com', { identifiers: { email: 'phone@example.com', mobileNumber: '07' } }),
      InvalidContactId: { matchIdentifier: 'contactId', identifiers: { contactId: 'x' } },
      InvalidMatchIdentifier: { matchIdentifier: 'customerId', identifiers: { customerId: 'x' } },
      InvalidContactStatus: row('status@example.com', { channelProperties: { email: { status: 'gone' } } }),
      NoValidIdentifiers: { matchIdentifier: 'mobileNumber', identifiers: { email: 'none@example.com' } },
      GloballySuppressed: row('gone@example.com'),
      SuppressedByDomain: row('x@blocked.example'),
    }
    const report = await imported(fake, 'contacts', { contacts: [...Object.values(rows), row('good@example.com')] })
    const failures = report.json['failures'] as { failures: { failureCode: string }[] }[]
    expect(failures.flatMap((entry) => entry.failures.map(({ failureCode }) => failureCode)).toSorted()).toEqual(
      Object.keys(rows).toSorted(),
    )
    expect(report.json['summary']).toMatchObject({ newContacts: 1, globallySuppressed: 2, invalidEntries: 8 })
    expect(fake.account.contacts().map(({ identifiers }) => identifiers)).toEqual([{ email: 'good@example.com' }])
    const unknown = await imported(fake, 'contacts', { contacts: [{ matchIdentifier: 'contactId', identifiers: { contactId: 1 } }, 7] })
    expect(unknown.json['summary']).toMatchObject({ newContacts: 0, invalidEntries: 2 })
  }))

test('contact-import-match-identifier: every row says by what it is found, and can change the others', () =>
  withFake({ customIdentifiers: ['customerId'] }, async (fake) => {
    const id = fake.account.addContact({ identifiers: { email: 'ada@example.com', customerId: 'c-1' } })
    const report = await imported(fake, 'contacts', {
      contacts: [
        { identifiers: { email: 'no-match@example.com' } },
        { matchIdentifier: 'customerId', identifiers: { customerId: 'c-1', email: 'ada@work.example' } },
        { matchIdentifier: 'contactId', identifiers: { contactId: id, mobileNumber: '447123123123' } },
      ],
    })
    expect(report.json['summary']).toMatchObject({ newContacts: 0, updatedContacts: 2, invalidEntries: 1 })
    expect(fake.account.contact(id)?.identifiers).toEqual({ email: 'ada@work.example', customerId: 'c-1', mobileNumber: '447123123123' })
  }))

test('contact-import-duplicates: an identifier twice in an import, or of another contact, fails that row', () =>
  withFake({}, async (fake) => {
    fake.account.addContact({ identifiers: { email: 'bob@example.com', mobileNumber: '447123123123' } })
    const report = await imported(fake, 'contacts', {
      contacts: [
        row('ada@example.com', { dataFields: { FIRSTNAME: 'first' } }),
        row('ADA@example.com', { dataFields: { FIRSTNAME: 'second' } }),
        row('eve@example.com', { identifiers: { email: 'eve@example.com', mobileNumber: '447123123123' } }),
      ],
    })
    expect(report.json['summary']).toMatchObject({ newContacts: 1, duplicateIdentifiers: 2 })
    expect(fake.account.contactOf('ada@example.com')?.dataFields).toEqual({ FIRSTNAME: 'first' })
  }))

test('contact-import-parts: a row with unknown lists or incomplete consent is applied without them and listed as a failure too', () =>
  withFake({}, async (fake) => {
    const report = await imported(fake, 'contacts', {
      contacts: [row('ada@example.com', { lists: [1], consentRecords: [{ text: 'yes' }], dataFields: { FIRSTNAME: 'Ada' } })],
    })
    expect(report.json).toMatchObject({
      summary: { newContacts: 1, invalidEntries: 0 },
      created: [{ identifiers: { email: 'ada@example.com' } }],
      failures: [{ failures: [{ failureCode: 'ConsentRecordsNotApplied' }, { failureCode: 'InvalidAddressBookIds' }] }],
    })
    expect(fake.account.contactOf('ada@example.com')).toMatchObject({ dataFields: { FIRSTNAME: 'Ada' }, consentRecords: [] })
  }))

test('contact-import-unordered: rows of the report are in an order of their own', () =>
  withFake({}, async (fake) => {
    const emails = Array.from({ length: 30 }, (_, index) => `u${index}@example.com`)
    const report = await imported(fake, 'contacts', { contacts: emails.map((email) => row(email)) })
    const created = (report.json['created'] as { identifiers: { email: string } }[]).map(({ identifiers }) => identifiers.email)
    expect(created).not.toEqual(emails)
    expect(created.toSorted()).toEqual(emails.toSorted())
  }))

test('contact-import-ends: a rejected import and one beyond the account limit apply nothing', () =>
  withFake({ contactLimit: 2 }, async (fake) => {
    for (const status of ['RejectedByWatchdog', 'Failed'] as const) {
      fake.account.endNextImport(status)
      expect((await imported(fake, 'contacts', { contacts: [row('ada@example.com')] })).json).toEqual({
        importId: expect.any(String),
        status,
      })
    }
    const beyond = await imported(fake, 'contacts', { contacts: ['a', 'b', 'c'].map((name) => row(`${name}@example.com`)) })
    expect([beyond.json['status'], fake.account.contacts()]).toEqual(['ExceedsAllowedContactLimit', []])
    expect((await imported(fake, 'contacts', { contacts: [row('ada@example.com')] })).json['status']).toBe('Finished')
  }))

test('import-late: a slow import is applied after a later one and overwrites it', () => {
  let now = noon
  return withFake({ importMs: (job) => (job.number === 1 ? 60_000 : 1000), now: () => now }, async (fake) => {
    const old = await start(fake, row('ada@example.com', { dataFields: { FIRSTNAME: 'old' } }))
    await start(fake, row('ada@example.com', { dataFields: { FIRSTNAME: 'new' } }))
    const name = (): unknown => fake.account.contactOf('ada@example.com')?.dataFields['FIRSTNAME']
    now = noon + 1000
    expect([name(), (await poll(fake, old)).json['status']]).toEqual(['new', 'NotFinished'])
    now = noon + 60_000
    expect([name(), (await poll(fake, old)).json['status']]).toEqual(['old', 'Finished'])
  })
})

test('import-not-found: ids of nothing and of the other area are unknown', () =>
  withFake({}, async (fake) => {
    const accepted = await start(fake, row('ada@example.com'))
    const id = String(accepted.json['importId'])
    expect((await raw(fake, 'GET', `/insightData/v3/import/${id}`)).error).toBe('insightData:importNotFound')
    const missing = await raw(fake, 'GET', '/contacts/v3/import/00000000-0000-4000-8000-000000000000')
    expect([missing.status, missing.error]).toEqual([404, 'contacts:importNotFound'])
  }))
