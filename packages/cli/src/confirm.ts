import { createInterface } from 'node:readline'
import type { Environment } from './environment.ts'

/** Whether somebody is there to answer: questions go to stderr and are read from stdin. */
export const canAsk = (environment: Environment): boolean => Boolean(environment.stdin.isTTY && environment.stderr.isTTY)

/** Asks a yes-or-no question. An end of the input counts as no, and so does Ctrl+C. */
export const confirm = (environment: Environment, question: string): Promise<boolean> =>
  new Promise((resolve) => {
    const prompt = createInterface({ input: environment.stdin, output: environment.stderr })
    prompt.once('close', () => resolve(false))
    prompt.question(`${question} [y/N] `, (reply) => {
      resolve(/^y(es)?$/i.test(reply.trim()))
      prompt.close()
    })
  })
