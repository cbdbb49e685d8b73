import { scaledClock } from '@millrace/adapter-kit/testing'
import { hubSpotFaults } from '@millrace/fake-vendors/hubspot'
import { sqlite } from '@millrace/store-sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { placeNames } from './support/all-destinations.ts'
import { expectClean, expectNothingTold, fillWithCanaries, listener } from './support/canaries.ts'
import { startFanOut } from './support/fan-out-world.ts'
import { runCommand } from './support/run-command.ts'
import { startWorld, type World } from './support/world.ts'

const worlds: World[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

/** A portal behind a shop of canaries. */
const shopOfCanaries = async (): Promise<World> => {
  const world = await startWorld()
  worlds.push(world)
  fillWithCanaries(world.shop)
  world.advance(10_000)
  return world
}

describe('personal data', () => {
  it('is in no log line, event, report, trace, dead letter, journal, exchange, metric or span, whatever the vendor echoes', async () => {
    const world = await shopOfCanaries()
    const { lines, settings, listen } = listener()
    const millrace = world.open({ clock: scaledClock(20), ...settings })
    listen(millrace)
    await millrace.apply()
    for (const fault of [
      hubSpotFaults.serverError(),
      hubSpotFaults.badGateway(),
      hubSpotFaults.resetAfterCommit(),
      hubSpotFaults.missingRows(3),
    ]) {
      world.portal.faults.schedule({ fault, path: 'batch/upsert', times: 1 })
    }
    const report = await millrace.backfill()
    expect(report.connections['hubspot']?.deadLettered).toBeGreaterThan(3)
    expectClean('report', JSON.stringify(report))
    await expectNothingTold(millrace, world.shop, world.path)
    expectClean('logs, events, metrics and spans', lines.join('\n'))
    expect(lines.length).toBeGreaterThan(100)
  })

  it('is in nothing that is told of any destination, whatever it echoes', async () => {
    const { lines, settings, listen } = listener()
    const folder = mkdtempSync(join(tmpdir(), 'millrace-canary-'))
    const path = join(folder, 'store.db')
    const world = await startFanOut({ store: sqlite({ path }), ...settings })
    try {
      listen(world.millrace)
      fillWithCanaries(world.shop)
      await world.millrace.apply()
      for (const name of placeNames) world.places[name].echo('canary-1@example.com, Von Canary, +49 30 5550199')
      // The refusals also meet what looks whether everything is ready, which stops the pass of that connection.
      const delivered = new Set<string>()
      for (let turn = 0; turn < 8; turn += 1) {
        const report = await world.millrace.backfill({ drainMs: 600_000 })
        expectClean('report', JSON.stringify(report))
        for (const [name, counts] of Object.entries(report.connections)) if (counts.delivered > 0) delivered.add(name)
      }
      expect([...delivered].toSorted()).toEqual([...placeNames].toSorted())
      const refused = await world.millrace.deadLetters.list()
      expect(new Set(refused.map(({ connection }) => connection)).size).toBeGreaterThan(1)
      await expectNothingTold(world.millrace, world.shop, path)
      expectClean('logs, events, metrics and spans', lines.join('\n'))
    } finally {
      await world.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  it('is in nothing that the command line prints or logs', async () => {
    const world = await shopOfCanaries()
    const apply = await runCommand(world, ['apply'])
    expect(apply.code).toBe(0)
    for (const args of [
      ['backfill', '--yes', '--log-level', 'debug'],
      ['sync', '--json', '--log-level', 'debug'],
      ['status', '--latency'],
      ['dead-letters', 'list'],
      ['dead-letters', 'replay', '--all', '--dry-run', '--json'],
      ['trace', 'customer', world.shop.project.all('customer')[3]?.id ?? ''],
      ['trace', '--email', 'canary-3@example.invalidtld', '--json'],
    ]) {
      const { stdout, stderr } = await runCommand(world, args)
      expectClean(args.join(' ').replace(/--email \S+/, '--email'), stdout + stderr)
    }
  })
})
