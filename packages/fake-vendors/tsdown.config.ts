import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: { 'commercetools/index': 'src/commercetools/index.ts', 'hubspot/index': 'src/hubspot/index.ts' },
  format: 'esm',
  platform: 'node',
  dts: true,
  fixedExtension: false,
})
