import type { StatusReport } from '@millrace/core'
import { number, printable, sections, table } from '../table.ts'

const sourcesText = ({ sources }: StatusReport): string =>
  table(
    [{ title: 'source' }, { title: 'records' }, { title: 'mode' }, { title: 'read up to' }, { title: 'now' }],
    Object.entries(sources).flatMap(([source, byEntity]) =>
      Object.entries(byEntity).map(([entity, { mode, readUpTo, inProgress }]) => [
        source,
        entity,
        mode,
        readUpTo ?? 'never',
        inProgress ? 'unfinished pass' : '',
      ]),
    ),
  )

const deliveriesText = ({ connections }: StatusReport): string =>
  table(
    [{ title: 'connection' }, { title: 'object' }, { title: 'deliveries' }],
    Object.entries(connections).flatMap(([connection, { objects }]) =>
      Object.entries(objects).map(([object, states]) => [
        connection,
        object,
        Object.entries(states)
          .map(([state, count]) => `${number(count)} ${state}`)
          .join(', '),
      ]),
    ),
  )

const problemsText = ({ connections }: StatusReport): string =>
  table(
    [{ title: 'connection' }, { title: 'problem' }, { title: 'count', align: 'right' }],
    Object.entries(connections).flatMap(([connection, { problems }]) =>
      problems.map(({ code, count }) => [connection, code, number(count)]),
    ),
  )

const notesText = ({ connections, notifications, rejected }: StatusReport): string =>
  [
    ...Object.entries(connections).map(([name, { contract, nextAt }]) => {
      const by = contract?.actor == null ? '' : ` by ${printable(contract.actor)}`
      const next = contract?.next == null ? '' : `, ${contract.next.slice(0, 12)} with the next pass`
      const since =
        contract === null ? 'no contract used yet' : `contract ${contract.hash.slice(0, 12)} since ${contract.since}${by}${next}`
      return `${printable(name)}: ${since}${nextAt === null ? '' : `; next delivery due ${nextAt}`}\n`
    }),
    ...Object.entries(connections).map(([name, { mode, takes }]) => {
      const events = takes.events.length === 0 ? 'no events' : `${takes.events.length} kinds of events`
      const only = mode === 'observe' ? ' It only OBSERVES: nothing is written there.' : ''
      return `${printable(name)} takes ${printable(takes.objects.join(', '))} and ${events}.${only}\n`
    }),
    ...Object.values(connections).flatMap(({ paused }) => {
      if (paused === null) return []
      const { connection, since, actor, reason } = paused
      const why = reason === null ? '' : ` (${reason})`
      return [
        `${printable(`${connection} is PAUSED since ${since} by ${actor}${why}`)}. millrace resume ${printable(connection)} lets it go on.\n`,
      ]
    }),
    ...Object.entries(connections).flatMap(([name, { breaker }]) => {
      if (breaker === null) return []
      const { since, code, message, nextProbeAt, needsPerson } = breaker
      const next = needsPerson ? 'It is asked again with the next pass' : `It is asked again at ${nextProbeAt}`
      return [
        `${printable(`${name} is STOPPED since ${since}: ${code}. ${message} ${next}`)}, or at once after: millrace resume ${printable(name)}\n`,
      ]
    }),
    ...Object.entries(connections).flatMap(([name, { today, alerts }]) => [
      ...(today.failed === 0
        ? []
        : [
            `${printable(name)}: ${number(today.failed)} of today's deliveries failed, ${(today.share * 100).toFixed(2)} % (allowed ${today.allowed * 100} %).\n`,
          ]),
      ...alerts.map(
        ({ kind, code, since }) =>
          `${printable(`${name}: ALERT ${kind}${code === null ? '' : ` ${code}`} since ${since}`)}, see docs/runbook.md\n`,
      ),
    ]),
    ...Object.entries(notifications).map(
      ([source, { waiting, dead }]) =>
        `${printable(source)}: ${number(waiting)} notifications and calls of storefronts wait to be taken in, ${number(dead)} need a decision (millrace notifications list)\n`,
    ),
    ...(rejected === 0 ? [] : [`${number(rejected)} record${rejected === 1 ? '' : 's'} of the sources could not be understood.\n`]),
  ].join('')

const runsText = ({ runs }: StatusReport): string =>
  table(
    [{ title: 'last runs' }, { title: 'kind' }, { title: 'status' }, { title: 'started' }, { title: 'seconds', align: 'right' }],
    runs.map(({ id, kind, status, startedAt, finishedAt }) => [
      id,
      kind,
      status,
      new Date(startedAt).toISOString(),
      finishedAt === null ? '' : number(Math.round((finishedAt - startedAt) / 100) / 10),
    ]),
  )

/** Reading positions, deliveries by state, problems by code, and the last runs. */
export const statusText = (report: StatusReport): string =>
  sections(sourcesText(report), deliveriesText(report), problemsText(report), notesText(report), runsText(report))
