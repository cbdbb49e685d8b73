import { acme } from './acme.fixture.ts'
import { startAcme } from './acme-fake.fixture.ts'
import { acmeConsent } from './acme-consent.fixture.ts'
import { startAcmeConsent } from './acme-consent-fake.fixture.ts'
import { acmeEvents } from './acme-events.fixture.ts'
import { startAcmeEvents } from './acme-events-fake.fixture.ts'
import { acmeOneByOne } from './acme-one-by-one.fixture.ts'
import { startAcmeOneByOne } from './acme-one-by-one-fake.fixture.ts'
import { acmeOrders } from './acme-orders.fixture.ts'
import { startAcmeOrders } from './acme-orders-fake.fixture.ts'
import { destinationSuite } from './suite.ts'

destinationSuite({ destination: (baseUrl) => acme({ apiKey: 'acme-key', baseUrl }), fake: startAcme })
destinationSuite({ destination: (baseUrl) => acmeConsent({ apiKey: 'acme-key', baseUrl }), fake: startAcmeConsent })
destinationSuite({ destination: (baseUrl) => acmeEvents({ apiKey: 'acme-key', baseUrl }), fake: startAcmeEvents })
destinationSuite({ destination: (baseUrl) => acmeOneByOne({ apiKey: 'acme-key', baseUrl }), fake: startAcmeOneByOne })
destinationSuite({ destination: (baseUrl) => acmeOrders({ apiKey: 'acme-key', baseUrl }), fake: startAcmeOrders })
