/** The account's API token, changeable while the server runs. */
export interface Credentials {
  readonly apiToken: string
  /** Replaces the token; the old one is refused from now on. */
  rotate(apiToken: string): void
}

/** Creates the credentials of an account. */
export function createCredentials(token: string): Credentials {
  let apiToken = token
  return {
    get apiToken() {
      return apiToken
    },
    rotate(next) {
      apiToken = next
    },
  }
}
