import { MillraceError } from '../error.ts'

/** No platform's notification is larger than 256 KiB; a batch in its envelope stays below this. */
export const maxBodyBytes: number = 512 * 1024

const tooLarge = (maxBytes: number): MillraceError =>
  new MillraceError({ code: 'notification_too_large', message: `The body is larger than ${maxBytes} bytes.` })

/** The body of a request, at most `maxBytes`. Throws MillraceError `notification_too_large` without reading further. */
export const readBody = async (request: Request, maxBytes: number): Promise<Uint8Array> => {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes)
  if (request.body === null) return new Uint8Array()
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request.body) {
    size += part.byteLength
    // Leaving the loop cancels the stream.
    if (size > maxBytes) throw tooLarge(maxBytes)
    parts.push(part)
  }
  return Buffer.concat(parts)
}
