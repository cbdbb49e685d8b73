import type { Localized } from '../model/common.ts'

/** The language of a locale in lower case: `de` for `de-AT` and `de_AT`. */
export const languageOf = (locale: string): string => (locale.split(/[-_]/, 1)[0] ?? locale).toLowerCase()

const isFilled = (text: unknown): text is string => typeof text === 'string' && text.trim() !== ''

const isOfLanguage = (locale: string, language: string): boolean => {
  const next = locale[language.length]
  return (next === undefined || next === '-' || next === '_') && locale.slice(0, language.length).toLowerCase() === language
}

/**
 * Prepares the choice of a text: the one in the first of `locales` that has one. A locale also takes a text of the same language (`de` takes `de-AT`,
 * `de-AT` takes `de` and `de-DE`), preferably one that is listed. Without a match, the first text by locale code. Blank texts do not count.
 */
export const textPicker = (locales: readonly string[]): ((texts: Localized) => string | undefined) => {
  const wanted = locales.map((locale) => ({ locale, language: languageOf(locale) }))
  const better = (candidate: string, before: string | undefined): boolean =>
    before === undefined || (locales.includes(candidate) === locales.includes(before) ? candidate < before : locales.includes(candidate))
  const best = (texts: Localized, accepts: (locale: string) => boolean): string | undefined => {
    let found: string | undefined
    for (const locale of Object.keys(texts)) if (accepts(locale) && isFilled(texts[locale]) && better(locale, found)) found = locale
    return found
  }
  return (texts) => {
    for (const { locale, language } of wanted) {
      const exact = Object.hasOwn(texts, locale) ? texts[locale] : undefined
      if (isFilled(exact)) return exact
      const related = best(texts, (candidate) => isOfLanguage(candidate, language))
      if (related !== undefined) return texts[related]
    }
    const any = best(texts, () => true)
    return any === undefined ? undefined : texts[any]
  }
}

/** Chooses once; see {@link textPicker}. */
export const pickText = (texts: Localized, locales: readonly string[]): string | undefined => textPicker(locales)(texts)
