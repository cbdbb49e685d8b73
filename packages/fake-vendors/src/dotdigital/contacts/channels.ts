import { isJsonObject } from '../../http/index.ts'
import { emailStatuses, emailTypes, mobileStatuses, optInTypes, type EmailType, type MobileStatus, type OptInType } from './contact.ts'
import type { FailureCode } from './fault.ts'

/** What a body wants of the channels. Absent members are not written. */
export interface ChannelWrite {
  readonly emailType?: EmailType
  readonly optInType?: OptInType
  readonly status?: (typeof emailStatuses)[number]
  /** Default true: nobody is asked before being mailed again. */
  readonly resubscribeWithNoChallenge: boolean
  readonly sms?: MobileStatus
  readonly whatsApp?: MobileStatus
}

type Complain = (code: FailureCode, description: string) => void

/** Requests are read in any case: replies come in another one than requests. */
function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return typeof value === 'string' ? values.find((candidate) => candidate.toLowerCase() === value.toLowerCase()) : undefined
}

/** Reads `channelProperties`. Unknown members and values are complained about. */
export function readChannels(value: unknown, complain: Complain): ChannelWrite {
  if (value === undefined) return { resubscribeWithNoChallenge: true }
  if (!isJsonObject(value)) {
    complain('ApiSchemaViolation', "'channelProperties' must be an object")
    return { resubscribeWithNoChallenge: true }
  }
  const read = <T extends string>(source: unknown, name: string, values: readonly T[], code: FailureCode): T | undefined => {
    if (!isJsonObject(source) || source[name] === undefined) return undefined
    const found = oneOf(values, source[name])
    if (found === undefined) complain(code, `${JSON.stringify(source[name])} is no ${name}`)
    return found
  }
  const { email, sms, whatsApp } = value
  known(value, ['email', 'sms', 'whatsApp'], complain)
  known(email, ['emailType', 'optInType', 'status', 'resubscribeOptions'], complain)
  known(sms, ['status'], complain)
  known(whatsApp, ['status'], complain)
  const emailType = read(email, 'emailType', emailTypes, 'ApiSchemaViolation')
  const optInType = read(email, 'optInType', optInTypes, 'ApiSchemaViolation')
  const status = read(email, 'status', emailStatuses, 'InvalidContactStatus')
  const smsStatus = read(sms, 'status', mobileStatuses, 'InvalidContactStatus')
  const whatsAppStatus = read(whatsApp, 'status', mobileStatuses, 'InvalidContactStatus')
  return {
    ...(emailType !== undefined && { emailType }),
    ...(optInType !== undefined && { optInType }),
    ...(status !== undefined && { status }),
    resubscribeWithNoChallenge: readNoChallenge(email, complain),
    ...(smsStatus !== undefined && { sms: smsStatus }),
    ...(whatsAppStatus !== undefined && { whatsApp: whatsAppStatus }),
  }
}

function readNoChallenge(email: unknown, complain: Complain): boolean {
  const options = isJsonObject(email) ? email['resubscribeOptions'] : undefined
  if (options === undefined) return true
  known(options, ['resubscribeWithNoChallenge', 'preferredLocale', 'redirectUrlAfterChallenge'], complain)
  const flag = isJsonObject(options) ? options['resubscribeWithNoChallenge'] : undefined
  if (flag !== undefined && typeof flag !== 'boolean') complain('ApiSchemaViolation', "'resubscribeWithNoChallenge' must be a boolean")
  return flag !== false
}

function known(value: unknown, names: readonly string[], complain: Complain): void {
  if (value === undefined) return
  if (!isJsonObject(value)) return complain('ApiSchemaViolation', 'A channel must be an object')
  const unknown = Object.keys(value).find((name) => !names.includes(name))
  if (unknown !== undefined) complain('ApiSchemaViolation', `'${unknown}' is not allowed in channelProperties`)
}
