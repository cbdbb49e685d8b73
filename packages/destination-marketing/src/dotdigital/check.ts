import type { CheckFinding } from '@millrace/core'
import { recommended } from '../objects.ts'
import type { Account } from './account.ts'
import { collectionOf } from './collections.ts'
import { asId, asList, asText, isObject, member } from './json.ts'
import { planAccount } from './plan.ts'

const finding = (
  level: CheckFinding['level'],
  code: string,
  message: string,
  more: Pick<CheckFinding, 'setting' | 'cure'> = {},
): CheckFinding => ({ level, code, message, ...more })

/** One read per list, which shows address, credential and region too. */
const listFindings = async (account: Account): Promise<CheckFinding[]> => {
  const findings: CheckFinding[] = []
  for (const id of account.settings.lists) {
    const reply = await account.send({ method: 'GET', path: `/v2/address-books/${id}`, call: `list ${id}`, tier: 'high' })
    const name = reply.status === 200 ? asText(member(reply.body, 'name')) : undefined
    findings.push(
      name === undefined
        ? finding('error', 'list_missing', `There is no list ${id} in the account.`, {
            setting: 'listId',
            cure: 'Take the id from the address bar of the list in Dotdigital.',
          })
        : finding('ok', 'list_found', `Contacts go into the list "${name}" (${id}).`),
    )
  }
  return findings
}

const accountFinding = async (account: Account): Promise<CheckFinding> => {
  const reply = await account.require({ method: 'GET', path: '/v2/account-info', call: 'account', tier: 'high' })
  const id = asId(member(reply.body, 'id')) ?? 'unknown'
  return finding('ok', 'account_reached', `Dotdigital answers: account ${id}, region ${new URL(account.settings.baseUrl).hostname}.`)
}

/** Nobody should find out by a campaign what became of contacts without a known consent. */
const unknownFinding = ({ settings }: Account): CheckFinding =>
  settings.unknownContacts === 'not-mailable'
    ? finding(
        'ok',
        'unknown_contacts_not_mailable',
        'New contacts of whom no consent is known are unsubscribed: they cannot be mailed until they opt in.',
        {
          setting: 'unknownContacts',
        },
      )
    : finding(
        'warning',
        'unknown_contacts_mailable',
        'New contacts of whom no consent is known are subscribed with the opt-in type Unknown: campaigns reach them.',
        {
          setting: 'unknownContacts',
          cure: "Keep it only where that is lawful; 'not-mailable' is the safe choice.",
        },
      )

/** A look at what is in the catalogue, since a valid record can still miss what product blocks need. */
const catalogFindings = async (account: Account): Promise<CheckFinding[]> => {
  const { contract } = account.ctx
  if (!Object.hasOwn(contract.objects, 'product')) return []
  const { name } = collectionOf('catalog', account.settings, contract)
  const reply = await account.send({
    method: 'GET',
    path: `/insightData/v3/account/${encodeURIComponent(name)}`,
    query: { limit: 1_000 },
    call: 'catalogue',
    tier: 'low',
  })
  const records = asList(member(reply.body, '_items')).map((item) => member(item, 'json'))
  const lacking = recommended
    .map((field) => ({ field, count: records.filter((json) => isObject(json) && isBlank(json, field)).length }))
    .filter(({ count }) => count > 0)
  if (lacking.length === 0) return []
  const what = lacking.map(({ field, count }) => `${field} (${count})`).join(', ')
  return [
    finding(
      'warning',
      'catalog_incomplete',
      `Of ${records.length} products looked at, some lack what product blocks and recommendations need: ${what}.`,
      {
        setting: 'contract.objects.product.fields',
        cure: 'Fill these at the source: urls come from the template in its settings.',
      },
    ),
  ]
}

const isBlank = (json: Record<string, unknown>, field: string): boolean => {
  const value = field === 'image_path' ? (json['image_path'] ?? json['imagePath']) : json[field]
  return value === undefined || value === null || value === ''
}

/** `quick` reads the lists; `full` also what is missing for the contract. */
export const checkAccount = async (account: Account, depth: 'quick' | 'full'): Promise<CheckFinding[]> => {
  const lists = await listFindings(account)
  if (depth === 'quick') return lists
  const changes = await planAccount(account)
  const missing = changes.filter(({ target }) => !target.startsWith('list '))
  return [
    await accountFinding(account),
    ...lists,
    unknownFinding(account),
    ...missing.map(({ action, target, differences }) =>
      action === 'create'
        ? finding('error', 'provisioning_needed', `The ${target} is missing in Dotdigital.`, {
            cure: 'Run `millrace plan`, then `millrace apply`.',
          })
        : finding(
            'error',
            'schema_drift',
            `The ${target} is not as the contract needs it: ${differences.map(({ path, have, want }) => `${path} is ${String(have)}, needed ${String(want)}`).join('; ')}.`,
            {
              cure: 'Correct it in Dotdigital or in the contract; Millrace changes no field that is there.',
            },
          ),
    ),
    ...(await catalogFindings(account)),
  ]
}
