import { subscribe } from './subscription.ts'

const done = await subscribe(process.env)
process.stdout.write(done.length === 0 ? 'The subscription is as it should be\n' : `${done.join('\n')}\n`)
