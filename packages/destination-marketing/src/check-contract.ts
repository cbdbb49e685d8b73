import type { CheckFinding, DestinationContext } from '@millrace/core'
import { recommended } from './objects.ts'

/** What a contract lacks for the vendor's features, though it is valid. */
export const checkContract = ({ contract, connection }: DestinationContext): CheckFinding[] => {
  const findings: CheckFinding[] = []
  const product = contract.objects['product']?.fields
  const missing =
    product === undefined
      ? []
      : recommended.filter((name) => !Object.hasOwn(product, name) && !(name === 'image_path' && Object.hasOwn(product, 'imagePath')))
  if (missing.length > 0) {
    findings.push({
      level: 'warning',
      code: 'recommendation_field_missing',
      message: `Products without ${missing.join(', ')} are not shown in product blocks and recommendations.`,
      setting: `connections.${connection}.contract.objects.product.fields`,
      cure: 'Map these fields, or ignore this when only orders and segments are wanted.',
    })
  }
  if (contract.ordersOfNobody === 'unassociated' && (contract.objects['order'] ?? contract.objects['cart']) !== undefined) {
    findings.push({
      level: 'error',
      code: 'contract_invalid',
      message: 'Orders and carts are kept with a contact only, so those of nobody cannot go out unassociated.',
      setting: `connections.${connection}.contract.ordersOfNobody`,
      cure: "Set it to 'skip' or 'dead-letter'.",
    })
  }
  return findings
}
