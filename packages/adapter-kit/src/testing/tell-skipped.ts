/** A rule that does not concern one part (an object, an entity) of what is tested, and why. */
export interface Skipped {
  part: string
  rule: string
  reason: string
}

/** Prints what a suite skips, one line for each reason: runners count what is skipped and do not say why. */
export const tellSkipped = (title: string, skipped: readonly Skipped[]): void => {
  const lines = [...Map.groupBy(skipped, ({ reason }) => reason)].map(([reason, all]) => {
    const parts = [...Map.groupBy(all, ({ part }) => part)].map(([part, some]) => ({
      part,
      rules: some.map(({ rule }) => rule).join(', '),
    }))
    const byRules = [...Map.groupBy(parts, ({ rules }) => rules)].map(
      ([rules, same]) => `${rules} (${same.map(({ part }) => part).join(', ')})`,
    )
    return `  ${reason}: ${byRules.join('; ')}`
  })
  if (lines.length > 0) process.stdout.write(`${title} is not asked\n${lines.join('\n')}\n`)
}
