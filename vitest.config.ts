import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['@millrace/source'] },
  ssr: { resolve: { conditions: ['@millrace/source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts'],
    setupFiles: ['./test/support/property-seed.ts'],
    pool: 'forks',
    // Tests wait for loopback and timers most of the time: one for each core, none kept back.
    maxWorkers: '100%',
    execArgv: ['--conditions=@millrace/source'],
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
})
