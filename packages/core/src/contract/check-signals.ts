import { touchParts } from '../signals/signal-rules.ts'
import type { SignalRules, SuppressionRules } from '../signals/signal-rules.ts'
import { kindAt, modelCatalog } from '../views/catalog.ts'
import type { Contract } from './contract.ts'
import { evidenceProblems } from './evidence-problems.ts'
import { expressionPaths } from './expression-paths.ts'
import type { Problems } from './problems.ts'

const flags = ['returnInProgress', 'fraudHold', 'openIssue'] as const satisfies readonly (keyof SuppressionRules)[]

/** Checks what a contract says of signals, apart from its shape. */
export const checkSignals = ({ signals = {} }: Pick<Contract, 'signals'>, problems: Problems): void => {
  for (const flag of flags)
    for (const { path, message } of evidenceProblems(signals.suppression?.[flag] ?? []))
      problems.add(`signals.suppression.${flag}.${path}`, message)
  for (const [part, path] of Object.entries(signals.acquisition ?? {})) {
    for (const kind of ['order', 'account'] as const) {
      if (kindAt(modelCatalog[kind], path) === undefined)
        problems.add(
          `signals.acquisition.${part}`,
          `an ${kind} has nothing at "${path}"; name a field that orders and accounts have, such as "custom.utm_source"`,
        )
    }
  }
}

interface Need {
  path: string
  setting: string
  given(rules: SignalRules): boolean
}

const needs: readonly Need[] = [
  {
    path: 'signals.suppressMarketingUntil',
    setting: 'signals.suppression.recentPurchase',
    given: ({ suppression }) => suppression?.recentPurchase !== undefined,
  },
  ...flags.map((flag): Need => ({
    path: `signals.suppression.${flag}`,
    setting: `signals.suppression.${flag}`,
    given: ({ suppression }) => suppression?.[flag] !== undefined,
  })),
  ...['signals.replenishmentDueAt', 'signals.replenishmentItem'].map((path): Need => ({
    path,
    setting: 'signals.replenishmentDays',
    given: ({ replenishmentDays }) => replenishmentDays !== undefined,
  })),
  ...['signals.converted', 'converted'].map((path): Need => ({
    path,
    setting: 'signals.conversion',
    given: ({ conversion }) => conversion !== undefined,
  })),
  ...touchParts.flatMap((part): Need[] =>
    ['firstTouch', 'touch'].map((touch) => ({
      path: `${touch}.${part}`,
      setting: `signals.acquisition.${part}`,
      given: ({ acquisition }) => acquisition?.[part] !== undefined,
    })),
  ),
]

/** What a rule reads that the contract does not define: a flag without evidence is not `false`, it is nothing. */
export const undefinedSignals = (value: unknown, rules: SignalRules = {}): string[] => {
  const paths = expressionPaths(value)
  return needs.flatMap(({ path, setting, given }) => {
    const used = given(rules) ? undefined : paths.find((each) => each === path || each.startsWith(`${path}.`))
    return used === undefined ? [] : [`"${used}" exists only with its evidence; define ${setting} in the contract, or take the rule out`]
  })
}
