import type { CommercetoolsSettings } from '@millrace/source-commercetools'

export type Variables = Readonly<Record<string, string | undefined>>

/** The value of a variable that must be there. */
export const need = (variables: Variables, name: string): string => {
  const value = variables[name]
  if (value !== undefined && value !== '') return value
  throw new Error(`The variable ${name} is not set. Set it in the configuration of the deployment.`)
}

/** Where the platform is to deliver to, as Connect says it in the variables of the deployment. */
const destinationOf = (variables: Variables): NonNullable<CommercetoolsSettings['subscription']>['destination'] => {
  const type = need(variables, 'CONNECT_SUBSCRIPTION_DESTINATION')
  switch (type) {
    case 'GoogleCloudPubSub':
      return { type, projectId: need(variables, 'CONNECT_GCP_PROJECT_ID'), topic: need(variables, 'CONNECT_GCP_TOPIC_NAME') }
    case 'SNS':
      return { type, topicArn: need(variables, 'CONNECT_AWS_TOPIC_ARN'), authenticationMode: 'IAM' }
    default:
      throw new Error(`CONNECT_SUBSCRIPTION_DESTINATION is ${type}; this application knows GoogleCloudPubSub and SNS.`)
  }
}

export const subscriptionKey = 'millrace-connect'

/** Settings of the platform, from the variables of every application. */
export const platformSettings = (variables: Variables): CommercetoolsSettings => ({
  projectKey: need(variables, 'CTP_PROJECT_KEY'),
  clientId: need(variables, 'CTP_CLIENT_ID'),
  clientSecret: need(variables, 'CTP_CLIENT_SECRET'),
  apiUrl: need(variables, 'CTP_API_URL'),
  authUrl: need(variables, 'CTP_AUTH_URL'),
})

/** The same with the subscription of this application. */
export const subscribedSettings = (variables: Variables): CommercetoolsSettings => ({
  ...platformSettings(variables),
  subscription: { key: subscriptionKey, destination: destinationOf(variables) },
})
