import { hash } from 'node:crypto'

/** An e-mail as it is compared: trimmed, Unicode-normalised, lower case. Undefined when it cannot be an address at all. */
export const foldEmail = (email: string | undefined): string | undefined => {
  const folded = email?.trim().normalize('NFC').toLowerCase()
  return folded !== undefined && folded.lastIndexOf('@') > 0 && !folded.endsWith('@') ? folded : undefined
}

/** A name for an e-mail that tells nobody the e-mail: 24 hex characters of its SHA-256. */
export const emailHash = (folded: string): string => hash('sha256', folded, 'hex').slice(0, 24)
