/** Sends unsigned requests to an address, so many a second, until its parent disconnects: strangers who knock. In a process of its own, so that what it costs is not counted. */
const [url = '', perSecond = '0'] = process.argv.slice(2)
const tickMs = 50
const perTick = Math.ceil((Number(perSecond) * tickMs) / 1000)
const knock = (): Promise<unknown> =>
  fetch(url, { method: 'POST', body: '{"garbage":true}', headers: { 'x-millrace-signature': 'guess' } }).then((reply) =>
    reply.arrayBuffer(),
  )
const timer = setInterval(() => void Promise.allSettled(Array.from({ length: perTick }, knock)), tickMs)
process.on('disconnect', () => clearInterval(timer))
