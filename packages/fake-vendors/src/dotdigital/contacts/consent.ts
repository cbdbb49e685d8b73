import { isIP } from 'node:net'

import { isJsonObject } from '../../http/index.ts'
import { isIsoDate } from '../v2/data-field.ts'
import type { ConsentRecord } from './contact.ts'

function isUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text)
}

/** Reads consent records: 1 to 5, every member required. Gives the words of the complaint when one is not complete. */
export function readConsentRecords(value: unknown, createdAt: number): readonly ConsentRecord[] | string {
  if (value === undefined) return []
  if (!Array.isArray(value) || value.length < 1 || value.length > 5) return "'consentRecords' must hold 1 to 5 records"
  const records = value.flatMap((entry: unknown) => {
    if (!isJsonObject(entry)) return []
    const { text, dateTimeConsented, url, ipAddress, userAgent } = entry
    if (typeof text !== 'string' || text === '' || typeof userAgent !== 'string' || userAgent === '') return []
    if (typeof dateTimeConsented !== 'string' || !isIsoDate(dateTimeConsented)) return []
    if (typeof url !== 'string' || !isUrl(url) || typeof ipAddress !== 'string' || isIP(ipAddress) === 0) return []
    return [{ text, dateTimeConsented, url, ipAddress, userAgent, createdAt }]
  })
  return records.length === value.length ? records : 'The provided consent records could not be applied as they were incorrectly formatted'
}
