const need = (name: string): string => process.env[name] ?? ''

/** From wherever your service keeps its secrets; here the environment. */
export const settings = {
  commercetools: {
    projectKey: need('CTP_PROJECT_KEY'),
    clientId: need('CTP_CLIENT_ID'),
    clientSecret: need('CTP_CLIENT_SECRET'),
    apiUrl: need('CTP_API_URL'),
    authUrl: need('CTP_AUTH_URL'),
  },
  hubspot: { accessToken: need('HUBSPOT_ACCESS_TOKEN') },
}
