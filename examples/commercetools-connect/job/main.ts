import { health } from './health.ts'
import { listen } from './listen.ts'

const answer = health(process.env)
listen('/job', async (request) => {
  if (request.method !== 'POST') return new Response(null, { status: 405 })
  const response = await answer()
  process.stdout.write(`${await response.clone().text()}\n`)
  return response
})
