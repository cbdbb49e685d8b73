import type { Localized } from '../model/common.ts'

/** The language of a locale in lower case: `de` for `de-AT` and `de_AT`. */
export const languageOf = (locale: string): string => (locale.split(/[-_]/, 1)[0] ?? locale).toLowerCase()

const isFilled = (text: unknown): text is string => typeof text === 'string' && text.trim() !== ''

const ownText = (texts: Localized, locale: string): string | undefined => {
  const text = Object.hasOwn(texts, locale) ? texts[locale] : undefined
  return isFilled(text) ? text : undefined
}

/**
 * The text in the first of `locales` that has one. A locale also takes a text of the same language (`de` takes `de-AT`, `de-AT` takes `de` and `de-DE`),
 * preferably one that is listed. Without a match, the first text by locale code. Blank texts do not count.
 */
export const pickText = (texts: Localized, locales: readonly string[]): string | undefined => {
  let filled: string[] | undefined
  for (const locale of locales) {
    const exact = ownText(texts, locale)
    if (exact !== undefined) return exact
    filled ??= filledLocales(texts)
    const language = languageOf(locale)
    const related = filled.filter((candidate) => languageOf(candidate) === language)
    const match = related.find((candidate) => locales.includes(candidate)) ?? related[0]
    if (match !== undefined) return texts[match]
  }
  const [first] = filled ?? filledLocales(texts)
  return first === undefined ? undefined : texts[first]
}

const filledLocales = (texts: Localized): string[] =>
  Object.keys(texts)
    .filter((locale) => isFilled(texts[locale]))
    .toSorted()
