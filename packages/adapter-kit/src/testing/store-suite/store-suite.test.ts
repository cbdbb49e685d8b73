import { memoryStore } from '@millrace/core/testing'
import { describe, it } from 'vitest'
import { storeSuite } from './index.ts'

storeSuite({ name: 'memory', create: memoryStore, describe, it })
