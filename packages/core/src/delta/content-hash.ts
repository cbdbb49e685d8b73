import { hash } from 'node:crypto'
import type { CommerceRecord } from '../model/record.ts'
import { canonicalJson } from './canonical-json.ts'

/** A record's canonical body, and the hash of its content. The modification stamp is left out: touching a record does not change it. */
export const contentOf = (record: CommerceRecord): { body: string; contentHash: string } => ({
  body: JSON.stringify(record),
  contentHash: hash('sha256', canonicalJson({ ...record, modifiedAt: undefined }), 'base64url'),
})
