import type { View } from '../views/view.ts'
import { isPlain } from './plain-value.ts'

type Part = { text: string } | { path: string }

/** Splits `{firstName} {lastName}` into texts and places. Undefined when braces do not match or a place is empty. */
export const parseTemplate = (template: string): Part[] | undefined => {
  const parts: Part[] = []
  for (const piece of template.split(/(\{[^{}]*\})/)) {
    if (piece.startsWith('{') && piece.endsWith('}')) {
      const path = piece.slice(1, -1).trim()
      if (path === '') return undefined
      parts.push({ path })
    } else if (/[{}]/.test(piece)) return undefined
    else if (piece !== '') parts.push({ text: piece })
  }
  return parts
}

/**
 * Prepares a template. Blank when it has places and all of them are blank; one blank place leaves no doubled space behind. Lists and objects have no text and
 * count as blank.
 */
export const templateRenderer = (
  template: string,
  read: (path: string) => (view: View) => unknown,
): ((view: View) => string | undefined) => {
  const parts = (parseTemplate(template) ?? [{ text: template }]).map((part) => ('path' in part ? read(part.path) : part.text))
  const places = parts.some((part) => typeof part !== 'string')
  return (view) => {
    let text = ''
    let filled = !places
    let afterBlank = false
    for (const part of parts) {
      if (typeof part === 'string') {
        text += afterBlank && part.startsWith(' ') && (text === '' || text.endsWith(' ')) ? part.slice(1) : part
        afterBlank = false
        continue
      }
      const value = part(view)
      const piece = isPlain(value) ? String(value).trim() : ''
      if (piece === '') afterBlank = true
      else {
        text += piece
        filled = true
        afterBlank = false
      }
    }
    return filled ? text.trim() : undefined
  }
}
