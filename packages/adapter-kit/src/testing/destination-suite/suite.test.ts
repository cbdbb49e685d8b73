import { acme } from './acme.fixture.ts'
import { startAcme } from './acme-fake.fixture.ts'
import { destinationSuite } from './suite.ts'

destinationSuite({ destination: (baseUrl) => acme({ apiKey: 'acme-key', baseUrl }), fake: startAcme })
