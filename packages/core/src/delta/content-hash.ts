import { hash } from 'node:crypto'
import type { CommerceRecord } from '../model/record.ts'

/**
 * The hash of a record's content. The modification stamp is left out: touching a record does not change it. A record that came through its schema writes its
 * fields in the schema's order and its free keys sorted, so equal content is equal text without sorting here.
 */
export const contentHash = (record: CommerceRecord): string => hash('sha256', JSON.stringify({ ...record, modifiedAt: '' }), 'base64url')
