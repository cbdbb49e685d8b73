import { acmeShop } from './acme-shop.fixture.ts'
import { startAcmeShop } from './acme-shop-fake.fixture.ts'
import { sourceSuite } from './suite.ts'

sourceSuite({ source: (baseUrl) => acmeShop({ baseUrl, pageSize: 5 }), fake: startAcmeShop, pageSize: 5 })
