/** This package's version, sent as part of the user agent. Kept equal to `package.json` by a test. */
export const version: string = '0.1.0'
