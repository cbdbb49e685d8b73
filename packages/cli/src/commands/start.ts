import { serve } from '@millrace/intake'
import { alertWebhook, runSchedule } from '@millrace/runner'
import { Option } from 'commander'
import { parsePort } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { startedText } from '../render/started-text.ts'

interface Options {
  port: number
  host: string
  adminPort: number
  adminHost: string
  alertWebhook?: string
}

/** `millrace start`: stays up until SIGINT or SIGTERM; exit 0. */
export const addStart = (cli: Cli): void => {
  cli.program
    .command('start')
    .description('stay up: read and deliver by the schedule of the config, take notifications, answer health and metrics')
    .option('--port <n>', 'port of the notification endpoints', parsePort, 8080)
    .option('--host <address>', 'where they listen', '0.0.0.0')
    .option('--admin-port <n>', 'port of /healthz, /readyz and /metrics', parsePort, 9464)
    .option('--admin-host <address>', 'where these listen', '127.0.0.1')
    .addOption(new Option('--alert-webhook <url>', 'where alerts are posted').env('MILLRACE_ALERT_WEBHOOK'))
    .action((options: Options) =>
      cli.run(async ({ millrace, signal, logger }) => {
        const { alertWebhook: url } = options
        const endAlerts = url === undefined ? undefined : alertWebhook(millrace, { url, logger })
        const server = await serve(millrace, options)
        cli.environment.stderr.write(startedText(server, millrace.schedule))
        let passes = 0
        await runSchedule(millrace, {
          signal,
          logger,
          onReport: ({ run, problems }) => {
            passes += 1
            logger.info({ run: run.id, status: run.status, problems: problems.map(({ code }) => code) }, 'A pass ended')
          },
        })
        await endAlerts?.()
        await server.close()
        return { value: { passes }, text: `stopped after ${passes} passes; everything in hand is settled\n` }
      }),
    )
}
