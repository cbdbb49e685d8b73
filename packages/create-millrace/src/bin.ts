#!/usr/bin/env node
import { main } from './main.ts'

const { code, stdout, stderr } = await main(process.argv.slice(2))
process.stdout.write(stdout)
process.stderr.write(stderr)
process.exitCode = code
