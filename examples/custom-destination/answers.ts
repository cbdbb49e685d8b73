import { classify, z, type DestinationContext, type HttpReply, type Input, type MillraceError, type Outcome } from '@millrace/adapter-kit'

const row = z.object({
  key: z.string().optional(),
  id: z.string().optional(),
  email: z.string().optional(),
  created: z.boolean().optional(),
  taken: z.string().optional(),
})
/** What Lodestar says about one object. `taken` is the id of another member who has the e-mail. */
export type Row = z.infer<typeof row>

/** The rows of an answer; one in an unknown shape has none, so it confirms nothing. */
export const rows = ({ body }: HttpReply): Row[] => z.object({ results: z.array(row) }).safeParse(body).data?.results ?? []

/** What a row says about its input. */
export const toOutcome = ({ unit }: Input, { id, created = false, taken }: Row): Outcome => {
  if (taken !== undefined) return { unit, result: 'conflict', candidates: [{ remoteId: taken }] }
  if (id === undefined) return { unit, result: 'conflict', candidates: [] }
  return { unit, result: 'delivered', created, remoteId: id }
}

/** The error of an answer that is no success. */
export const errorOf = (reply: HttpReply, call: string, scope: 'record' | 'batch', { clock }: DestinationContext): MillraceError =>
  classify(reply, { vendor: 'Lodestar', call, setting: 'token', scope, now: clock.now() })
