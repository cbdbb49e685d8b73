import { seedShop } from '@millrace/fake-vendors/commercetools'
import { expect, it } from 'vitest'
import { createDice } from '../support/dice.ts'
import { portalLedger, shopLedger } from '../support/ledger.ts'
import { differences } from '../support/portal-content.ts'
import { sharedClock } from '../support/shared-clock.ts'
import { startWorld } from '../support/world.ts'
import { editShop } from './edits.ts'
import { breakVendors, mendVendors } from './faults.ts'
import { runWorker, type Ended } from './run-worker.ts'

/** `MILLRACE_CRASH_KILLS=200 MILLRACE_CRASH_RECORDS=5000` for the long run, `MILLRACE_CRASH_SEED=7` to repeat one. Requests arrive as the machine lets them, so a seed repeats the plan and not every instant. */
const kills = Number(process.env['MILLRACE_CRASH_KILLS'] ?? 12)
const records = Number(process.env['MILLRACE_CRASH_RECORDS'] ?? 600)
const seed = Number(process.env['MILLRACE_CRASH_SEED'] ?? 20_261_121)
const clockFactor = 10

it(
  `a process that is killed ${kills} times over ${records} records while the vendors fail ends with everything there once, at its latest revision (seed ${seed})`,
  { timeout: 240_000 + kills * 20_000 },
  async () => {
    const dice = createDice(seed)
    let onRequest = (): void => {}
    const notice = (): number => {
      onRequest()
      return 0
    }
    const world = await startWorld({ seed, latencyMs: notice }, { seed, latencyMs: notice })
    // Nothing ever failed here, and nobody died: what the first portal must hold in the end.
    const calm = await startWorld()
    const clockStart = Date.now()
    try {
      seedShop(world.shop, {
        customers: Math.round(records / 3),
        orders: Math.round((records * 7) / 12),
        products: Math.round(records / 12),
        seed,
      })
      const clock = sharedClock(clockStart, clockFactor)
      await world.open({ clock }).apply()
      breakVendors(world)

      /** Runs a pass that is killed a moment after its `fatal`th request, if it makes that many. */
      const pass = async (kind: 'backfill' | 'sync', fatal: number): Promise<Ended> => {
        const { projectKey, clientId, clientSecret, apiUrl, authUrl } = world.shop
        const source = { projectKey, clientId, clientSecret, apiUrl, authUrl }
        const destination = { accessToken: world.portal.accessToken, baseUrl: world.portal.url }
        const worker = runWorker({ kind, path: world.path, source, destination, clockStart, clockFactor })
        let requests = 0
        const afterMs = dice.below(30)
        onRequest = () => {
          requests += 1
          if (requests === fatal) setTimeout(worker.kill, afterMs)
        }
        const ended = await worker.ended
        onRequest = () => {}
        return ended
      }
      let dead = 0
      for (let number = 0; dead < kills; number += 1) {
        const { killed, status, output } = await pass(
          number < 3 || dice.below(3) === 0 ? 'backfill' : 'sync',
          1 + dice.below(dice.pick([20, 80, 160])),
        )
        if (killed) dead += 1
        else expect(['completed', 'incomplete', 'failed', 'attention'], output).toContain(status)
        editShop(world.shop, dice, number)
        world.advance(5_000)
      }
      mendVendors(world)
      world.advance(200_000)
      // A backfill that was killed goes on in its own window: what changed afterwards is for the pass after it.
      let last = await pass('backfill', Infinity)
      for (let turn = 0; turn < 5 && (turn === 0 || last.status !== 'completed'); turn += 1) last = await pass('sync', Infinity)
      expect(last, last.output).toMatchObject({ status: 'completed' })

      const millrace = world.open({ clock })
      expect(await millrace.deadLetters.list()).toEqual([])
      expect(portalLedger(world.portal)).toEqual(shopLedger(world.shop))
      const reference = world.open({
        path: calm.path,
        clock,
        destination: { accessToken: calm.portal.accessToken, baseUrl: calm.portal.url },
      })
      await reference.apply()
      expect(await reference.backfill()).toMatchObject({ problems: [], run: { status: 'completed' } })
      expect(differences(world.portal, calm.portal)).toEqual([])
      expect(world.portal.portal.count('deals')).toBe(world.shop.project.count('order'))
      process.stdout.write(
        `killed ${dead} times over ${records} records, seed ${seed}: ${world.portal.portal.count('deals')} deals and ${world.portal.portal.count('contacts')} contacts, each once\n`,
      )
    } finally {
      await world.close()
      await calm.close()
    }
  },
)
