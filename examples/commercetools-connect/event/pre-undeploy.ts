import { unsubscribe } from './subscription.ts'

process.stdout.write((await unsubscribe(process.env)) ? 'The subscription is removed\n' : 'There was no subscription\n')
