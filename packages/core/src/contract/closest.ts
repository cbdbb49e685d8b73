const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** `did you mean "firstName"?`, or the names there are when none is near. */
export const suggestion = (name: string, known: readonly string[]): string => {
  const ranked = known
    .map((candidate) => ({ candidate, far: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.far - b.far)
  const [best] = ranked
  if (best !== undefined && best.far <= Math.max(2, Math.floor(name.length / 3))) return `did you mean "${best.candidate}"?`
  return known.length === 0 ? 'there is none' : `there is ${known.toSorted().join(', ')}`
}
