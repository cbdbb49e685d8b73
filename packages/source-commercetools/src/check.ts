import type { Project } from '@commercetools/platform-sdk'
import { type CheckFinding, isMillraceError, type MillraceError, type SourceContext } from '@millrace/core'
import { readTypes } from './described-fields.ts'
import { keyset } from './keyset.ts'
import { createPageSize } from './page-size.ts'
import type { Workshop } from './reader.ts'
import { scopeFindings } from './scopes.ts'
import type { Settings } from './settings.ts'
import { subscriptionFindings } from './subscription.ts'

type Tools = Pick<Workshop, 'settings' | 'transport' | 'platform'>

const settingOf = ({ code, context, field }: MillraceError): string | undefined => {
  if (code === 'source_credentials_refused') return 'clientSecret'
  if (code === 'source_unreachable' || code === 'source_timeout') return context['what'] === 'authorization' ? 'authUrl' : 'apiUrl'
  return code === 'source_not_found' ? 'projectKey' : field
}

const asFinding = (error: unknown): CheckFinding => {
  if (!isMillraceError(error)) throw error
  const setting = settingOf(error)
  return { level: 'error', code: error.code, message: error.message, ...(setting === undefined ? {} : { setting }) }
}

const projectFindings = (project: Project, settings: Settings): CheckFinding[] => {
  const { languages, currencies, productCatalogModel = 'Classic' } = project
  const reached: CheckFinding = {
    level: 'ok',
    code: 'source_project_reached',
    message: `Project ${project.key}: catalogue ${productCatalogModel}, currencies ${currencies.join(', ')}, languages ${languages.join(', ')}.`,
  }
  const language = settings.locale.split('-')[0] ?? settings.locale
  const speaks = languages.some((candidate) => candidate === settings.locale || candidate.split('-')[0] === language)
  if (speaks) return [reached]
  const message = `The project does not have the language ${settings.locale}; the first language of each text is taken instead.`
  return [
    reached,
    {
      level: 'warning',
      code: 'source_locale_unknown',
      message,
      setting: 'locale',
      cure: `Set \`locale\` to one of ${languages.join(', ')}.`,
    },
  ]
}

/** Variants of the modular catalogue are in beta and not in every project. */
const modularFindings = async ({ transport, platform }: Tools, ctx: SourceContext): Promise<CheckFinding[]> => {
  const request = platform.variants.query({ where: [], sort: ['id asc'], limit: 1, withTotal: false })
  if ((await transport.find(request, platform.variants.what, ctx)) !== undefined) return []
  const message = 'The project has the modular catalogue, but its variants cannot be read: /variants is not found. Products cannot be read.'
  return [
    {
      level: 'error',
      code: 'source_variants_unavailable',
      message,
      cure: 'Ask commercetools to enable the Variants API (beta) for the project.',
    },
  ]
}

const storeFindings = async ({ transport, platform, settings }: Tools, ctx: SourceContext): Promise<CheckFinding[]> => {
  if (settings.stores.length === 0) return []
  const condition = { where: ['key in :keys'], variables: { keys: [...settings.stores] } }
  const known = new Set<string>()
  const request = { listing: platform.stores, mode: 'full' as const, conditions: [condition], after: {}, size: createPageSize(500) }
  for await (const { rows } of keyset(transport, request, ctx)) for (const { key } of rows) known.add(key)
  return settings.stores
    .filter((key) => !known.has(key))
    .map((key) => ({
      level: 'error',
      code: 'source_store_unknown',
      message: `There is no store with the key ${key}.`,
      setting: 'stores',
      cure: 'Use the key of an existing store.',
    }))
}

const fieldFindings = async ({ transport, platform, settings }: Tools, ctx: SourceContext): Promise<CheckFinding[]> => {
  const wanted = [
    ...settings.consent.flatMap(({ field, timestampField }, index) => [
      { setting: `consent[${index}].field`, name: field },
      ...(timestampField === undefined ? [] : [{ setting: `consent[${index}].timestampField`, name: timestampField }]),
    ]),
    ...(settings.phoneField === undefined ? [] : [{ setting: 'phoneField', name: settings.phoneField }]),
    ...(settings.vatIdField === undefined ? [] : [{ setting: 'vatIdField', name: settings.vatIdField }]),
  ]
  if (wanted.length === 0) return []
  const types = await readTypes({ transport, platform }, ctx)
  const names = new Set(
    types
      .filter((type) => type.resourceTypeIds.some((id) => id === 'customer' || id === 'business-unit'))
      .flatMap((type) => type.fieldDefinitions.map(({ name }) => name)),
  )
  return wanted
    .filter(({ name }) => !names.has(name))
    .map(({ setting, name }) => ({
      level: 'error',
      code: 'source_field_unknown',
      message: `No custom type of customers has a field called ${name}.`,
      setting,
      cure: `Use the name of an existing field${names.size === 0 ? '' : `: ${[...names].toSorted().join(', ')}`}.`,
    }))
}

const guarded = async (step: () => Promise<CheckFinding[]>): Promise<CheckFinding[]> => {
  try {
    return await step()
  } catch (error) {
    return [asFinding(error)]
  }
}

/** Everything that can be known before the first read. Stops at the first thing without which the rest cannot be asked. */
export const checkSource = async (tools: Tools, ctx: SourceContext): Promise<CheckFinding[]> => {
  let scopes: string[]
  try {
    scopes = await tools.transport.scopes(ctx)
  } catch (error) {
    return [asFinding(error)]
  }
  const findings = scopeFindings(scopes, tools.settings)
  let project: Project
  try {
    project = (await tools.transport.send(tools.platform.project(), 'the project settings', ctx)).body
  } catch (error) {
    return [...findings, asFinding(error)]
  }
  return [
    ...findings,
    ...projectFindings(project, tools.settings),
    ...(project.productCatalogModel === 'Modular' ? await guarded(() => modularFindings(tools, ctx)) : []),
    ...(await guarded(() => storeFindings(tools, ctx))),
    ...(await guarded(() => fieldFindings(tools, ctx))),
    ...(await guarded(() => subscriptionFindings(tools, ctx))),
  ]
}
