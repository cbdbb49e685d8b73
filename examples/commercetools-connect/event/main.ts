import { listen } from './listen.ts'
import { relay } from './relay.ts'

listen('/event', relay(process.env))
