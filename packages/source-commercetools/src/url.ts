/** Fills the placeholders of an address template, percent-encoded. Undefined when there is no template, or no value for one of its placeholders. */
export const fillUrl = (template: string | undefined, values: Record<string, string | undefined>): string | undefined => {
  if (template === undefined) return undefined
  let complete = true
  const filled = template.replaceAll(/\{([^}]*)\}/g, (_, name: string) => {
    const value = values[name]
    if (value === undefined || value === '') complete = false
    return encodeURIComponent(value ?? '')
  })
  return complete ? filled : undefined
}
