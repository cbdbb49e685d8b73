import type { FakeCommercetools } from '../start.ts'
import { type Calendar, stamps } from './calendar.ts'
import { customType } from './custom-types.ts'
import type { Dice } from './dice.ts'
import { localized } from './settings.ts'

interface Node {
  id: string
  key: string
  path: string[]
}

/** Adds a tree of categories, three levels deep, and returns the ids of its leaves. */
export function addCategories({ project }: FakeCommercetools, dice: Dice, calendar: Calendar): string[] {
  const add = (parent: Node | undefined, key: string, index: number): Node => {
    const node: Node = { id: dice.uuid(), key, path: parent === undefined ? [] : [...parent.path, parent.id] }
    const createdAt = calendar.draw()
    project.add('category', {
      ...stamps(createdAt),
      id: node.id,
      key,
      name: localized(key),
      slug: localized(key),
      description: localized(`All of ${key}`),
      ancestors: node.path.map((id) => ({ typeId: 'category', id })),
      ...(parent === undefined ? {} : { parent: { typeId: 'category', id: parent.id } }),
      orderHint: `0.${index + 1}`,
      externalId: `ext-${key}`,
      assets: [],
      custom: { type: customType('category'), fields: { showInMenu: index % 2 === 0 } },
    })
    return node
  }
  const leaves: string[] = []
  for (const [rootIndex, root] of ['women', 'men', 'kids', 'outdoor', 'home', 'sale'].entries()) {
    const rootNode = add(undefined, root, rootIndex)
    for (const [middleIndex, middle] of ['tops', 'shoes', 'bags', 'extras'].entries()) {
      const middleNode = add(rootNode, `${root}-${middle}`, middleIndex)
      for (let leaf = 1; leaf <= 3; leaf += 1) leaves.push(add(middleNode, `${root}-${middle}-${leaf}`, leaf).id)
    }
  }
  return leaves
}
