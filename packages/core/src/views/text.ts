import type { Localized } from '../model/common.ts'

/** The language of a locale in lower case: `de` for `de-AT` and `de_AT`. */
export const languageOf = (locale: string): string => (locale.split(/[-_]/, 1)[0] ?? locale).toLowerCase()

/**
 * The text in the first of `locales` that has one; a locale also takes a text of the same language (`de` takes `de-AT`, `de-AT` takes `de` and `de-DE`).
 * Without a match, the first text by locale code. Blank texts do not count.
 */
export const pickText = (texts: Localized, locales: readonly string[]): string | undefined => {
  for (const locale of locales) {
    const exact = Object.hasOwn(texts, locale) ? texts[locale] : undefined
    if (typeof exact === 'string' && exact.trim() !== '') return exact
  }
  const filled = Object.keys(texts)
    .filter((locale) => typeof texts[locale] === 'string' && texts[locale].trim() !== '')
    .toSorted()
  for (const locale of locales) {
    const language = languageOf(locale)
    const match = filled.find((candidate) => languageOf(candidate) === language)
    if (match !== undefined) return texts[match]
  }
  const [first] = filled
  return first === undefined ? undefined : texts[first]
}
