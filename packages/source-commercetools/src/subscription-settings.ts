/** Where commercetools delivers notifications to, in its own words (docs.commercetools.com/api/projects/subscriptions#destination). */
export type SubscriptionDestination =
  | { type: 'GoogleCloudPubSub'; projectId: string; topic: string }
  | { type: 'SNS'; topicArn: string; authenticationMode: 'IAM' }
  | { type: 'SQS'; queueUrl: string; region: string; authenticationMode: 'IAM' }

/** The subscription that `apply` makes and `plan` and `check` look after. Needs a client with `manage_subscriptions` for `apply`, with `view_subscriptions` else. */
export interface SubscriptionSettings {
  /** Its key in the project. */
  key: string
  destination: SubscriptionDestination
  /** Default `CloudEvents`. */
  format?: 'Platform' | 'CloudEvents'
}
