import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: {
    'activecampaign/index': 'src/activecampaign/index.ts',
    'commercetools/index': 'src/commercetools/index.ts',
    'crm-one/index': 'src/crm-one/index.ts',
    'dotdigital/index': 'src/dotdigital/index.ts',
    'hubspot/index': 'src/hubspot/index.ts',
  },
  format: 'esm',
  platform: 'node',
  dts: true,
  fixedExtension: false,
})
