import { hash } from 'node:crypto'
import { canonicalJson } from '../delta/canonical-json.ts'
import type { Contract } from './contract.ts'

/** Names a version of a contract: 16 hex digits that change when anything in it does, and not with the order in which it is written. */
export const contractHash = (contract: Contract): string => hash('sha256', canonicalJson(contract), 'hex').slice(0, 16)
