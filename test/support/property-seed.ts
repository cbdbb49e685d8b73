/** `PROPERTY_SEED=7` makes every property test repeatable: CI sets one, so that a red run can be run again; elsewhere each run tries something else. */
const seed = process.env['PROPERTY_SEED']
if (seed !== undefined) {
  const { default: fc } = await import('fast-check')
  fc.configureGlobal({ seed: Number(seed) })
}
