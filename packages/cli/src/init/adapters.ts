/** One setting of an adapter as `init` writes it. */
interface SettingTemplate {
  name: string
  /** Name of the environment variable that holds it. */
  variable: string
  comment: string
  example: string
}

/** What `init` knows of an adapter. */
export interface AdapterTemplate {
  package: string
  factory: string
  /** Name that the source or connection gets in the config. */
  name: string
  settings: readonly SettingTemplate[]
}

/** Sources that `init` can write. */
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

/** Destinations that `init` can write. */
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
}

/** Names for `--source`. */
export const sourceNames: readonly string[] = Object.keys(sources)
/** Names for `--destination`. */
export const destinationNames: readonly string[] = Object.keys(destinations)
