import { MillraceError } from '@millrace/core'

/** One setting of an adapter as it stands in a new config. */
export interface SettingTemplate {
  name: string
  /** Name of the environment variable that holds it. */
  variable: string
  comment: string
  example: string
}

/** What is known of an adapter to write a config for it. */
export interface AdapterTemplate {
  package: string
  factory: string
  /** Name that the source or connection gets in the config. */
  name: string
  settings: readonly SettingTemplate[]
}

/** Sources that a config can be written for. */
export const sources: Readonly<Record<string, AdapterTemplate>> = {
  commercetools: {
    package: '@millrace/source-commercetools',
    factory: 'commercetools',
    name: 'shop',
    settings: [
      {
        name: 'projectKey',
        variable: 'CTP_PROJECT_KEY',
        comment: 'Merchant Center > Settings > Developer settings',
        example: 'my-project',
      },
      { name: 'clientId', variable: 'CTP_CLIENT_ID', comment: 'an API client with view scopes only', example: '' },
      { name: 'clientSecret', variable: 'CTP_CLIENT_SECRET', comment: 'shown once, when the API client is created', example: '' },
      {
        name: 'apiUrl',
        variable: 'CTP_API_URL',
        comment: "your region's API host",
        example: 'https://api.europe-west1.gcp.commercetools.com',
      },
      {
        name: 'authUrl',
        variable: 'CTP_AUTH_URL',
        comment: "your region's auth host",
        example: 'https://auth.europe-west1.gcp.commercetools.com',
      },
    ],
  },
}

/** Destinations that a config can be written for. */
export const destinations: Readonly<Record<string, AdapterTemplate>> = {
  hubspot: {
    package: '@millrace/destination-hubspot',
    factory: 'hubspot',
    name: 'hubspot',
    settings: [
      { name: 'accessToken', variable: 'HUBSPOT_ACCESS_TOKEN', comment: 'a service key, or the token of a private app', example: '' },
    ],
  },
  activecampaign: {
    package: '@millrace/destination-activecampaign',
    factory: 'activecampaign',
    name: 'activecampaign',
    settings: [
      {
        name: 'apiUrl',
        variable: 'ACTIVECAMPAIGN_API_URL',
        comment: 'Settings > Developer; it differs per account',
        example: 'https://acme.api-us1.com',
      },
      { name: 'apiToken', variable: 'ACTIVECAMPAIGN_API_TOKEN', comment: 'the key beside the URL', example: '' },
    ],
  },
  marketing: {
    package: '@millrace/destination-marketing',
    factory: 'marketing',
    name: 'dotdigital',
    settings: [
      {
        name: 'baseUrl',
        variable: 'DOTDIGITAL_BASE_URL',
        comment: "the API host of your account's region: r1, r2 or r3",
        example: 'https://r1-api.dotdigital.com',
      },
      { name: 'username', variable: 'DOTDIGITAL_USERNAME', comment: 'an API user of its own: Settings > Access > API users', example: '' },
      { name: 'password', variable: 'DOTDIGITAL_PASSWORD', comment: 'of the API user', example: '' },
      {
        name: 'listId',
        variable: 'DOTDIGITAL_LIST_ID',
        comment: 'the list that contacts go into: the number in its address bar',
        example: '',
      },
    ],
  },
  'crm-one': {
    package: '@millrace/destination-crm-one',
    factory: 'crmOne',
    name: 'crm',
    settings: [
      {
        name: 'baseUrl',
        variable: 'CRM_ONE_URL',
        comment: 'where the CRM serves the contract of CRM One',
        example: 'https://crm.example.com/v1',
      },
      { name: 'token', variable: 'CRM_ONE_TOKEN', comment: 'a token with the scopes that check names', example: '' },
    ],
  },
  warehouse: {
    package: '@millrace/destination-warehouse',
    factory: 'warehouse',
    name: 'warehouse',
    settings: [
      {
        name: 'directory',
        variable: 'WAREHOUSE_DIRECTORY',
        comment: "a directory for files of newline JSON; for PostgreSQL write connectionString: env('WAREHOUSE_DATABASE_URL') instead",
        example: 'warehouse',
      },
    ],
  },
}

/** Names for `--source`. */
export const sourceNames: readonly string[] = Object.keys(sources)
/** Names for `--destination`. */
export const destinationNames: readonly string[] = Object.keys(destinations)

const pick = (known: Readonly<Record<string, AdapterTemplate>>, name: string, kind: string): AdapterTemplate => {
  const adapter = Object.hasOwn(known, name) ? known[name] : undefined
  if (adapter !== undefined) return adapter
  throw new MillraceError({
    code: 'adapter_unknown',
    field: kind,
    message: `There is no ${kind} ${name}. Known are ${Object.keys(known).join(', ')}.`,
  })
}

/** Adapters that somebody chose. */
export interface Chosen {
  source: AdapterTemplate
  destinations: readonly AdapterTemplate[]
}

/** The adapters of these names, each destination once. Throws MillraceError `adapter_unknown`. */
export const choose = (source: string, names: readonly string[]): Chosen => ({
  source: pick(sources, source, 'source'),
  destinations: [...new Set(names)].map((name) => pick(destinations, name, 'destination')),
})

/** The packages that a project with these adapters installs, the adapters last but for the store. */
export const packagesOf = ({ source, destinations: to }: Chosen): string[] => [
  '@millrace/core',
  '@millrace/runner',
  '@millrace/cli',
  source.package,
  ...to.map((adapter) => adapter.package),
  '@millrace/store-sqlite',
]
