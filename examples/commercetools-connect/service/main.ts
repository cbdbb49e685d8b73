import { listen } from './listen.ts'
import { relay } from './relay.ts'

listen('/service', relay(process.env))
