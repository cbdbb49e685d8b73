/** Why a value cannot be written, without the value itself: it may be personal data. */
export interface Fault {
  readonly code: 'value_invalid' | 'value_too_long' | 'option_unknown' | 'required_missing'
  readonly reason: string
}

/** Makes a fault; `reason` continues "The field x ". */
export const fault = (code: Fault['code'], reason: string): Fault => ({ code, reason })

/** Tells a fault from a field's value. */
export const isFault = (value: unknown): value is Fault =>
  typeof value === 'object' && value !== null && 'code' in value && 'reason' in value
