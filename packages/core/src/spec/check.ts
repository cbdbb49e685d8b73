/** One thing that `check` found, worded for the person who has to fix it. */
export interface CheckFinding {
  level: 'ok' | 'warning' | 'error'
  /** Listed in `docs/errors.md`. */
  code: string
  message: string
  /** The setting or path at fault, such as `connections.<name>.accessToken`. */
  setting?: string
  /** What to do. */
  cure?: string
}
