import type { FieldValue, ListedObject } from '@millrace/adapter-kit'
import pg from 'pg'
import type { Row } from './row.ts'
import type { Writer } from './writer.ts'

const pageSize = 500

/** The log in one table, and what is now in a view on top: the row of the highest revision of each key, unless it took the object away. */
const definition = (schema: string): string => `
  CREATE TABLE IF NOT EXISTS ${schema}.millrace_log (
    object text NOT NULL,
    key text NOT NULL,
    revision bigint NOT NULL,
    operation text NOT NULL,
    fields jsonb NOT NULL,
    children jsonb NOT NULL,
    parents jsonb NOT NULL,
    consent jsonb NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    erased_at timestamptz,
    PRIMARY KEY (object, key, revision)
  );
  CREATE OR REPLACE VIEW ${schema}.millrace_current AS
    SELECT * FROM (
      SELECT DISTINCT ON (object, key) object, key, revision, operation, fields, children, parents, consent, written_at, erased_at
      FROM ${schema}.millrace_log ORDER BY object, key, revision DESC
    ) AS latest
    WHERE operation = 'upsert' AND erased_at IS NULL;`

/** Rows travel as one JSON value: one statement, one transaction, whatever their number. */
const appendSql = (schema: string): string => `
  INSERT INTO ${schema}.millrace_log (object, key, revision, operation, fields, children, parents, consent)
  SELECT object, key, revision, operation, fields, children, parents, consent
  FROM jsonb_to_recordset($1::jsonb)
    AS row (object text, key text, revision bigint, operation text, fields jsonb, children jsonb, parents jsonb, consent jsonb)
  ON CONFLICT DO NOTHING`

/** Guests who registered left a row under their former key that names the new one. */
const eraseSql = (schema: string): string => `
  WITH RECURSIVE gone AS (
    SELECT object, key FROM jsonb_to_recordset($1::jsonb) AS asked (object text, key text)
    UNION
    SELECT former.object, former.key FROM ${schema}.millrace_log AS former JOIN gone ON former.object = gone.object
    WHERE former.operation = 'archive' AND former.parents @> jsonb_build_array(jsonb_build_object('object', gone.object, 'key', gone.key))
  )
  UPDATE ${schema}.millrace_log SET fields = '{}', children = '[]', parents = '[]', consent = '[]', erased_at = to_timestamp($2 / 1000.0)
  FROM gone WHERE millrace_log.object = gone.object AND millrace_log.key = gone.key AND erased_at IS NULL`

/** Classes of errors that speak of values: data exceptions, constraints, limits of the program. */
const aboutValues = /^(?:22|23|54)/

/** PostgreSQL takes neither NUL nor half a character. */
const toJson = (rows: readonly object[]): string =>
  JSON.stringify(rows, (_, value: unknown) => (typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value))

/** Keeps the log in a PostgreSQL database. */
export const postgresWriter = (connectionString: string, schema: string): Writer => {
  const pool = new pg.Pool({ connectionString, max: 4, connectionTimeoutMillis: 10_000 })
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on('error', () => {})

  const isThere = async (name: string): Promise<boolean> => {
    const { rows } = await pool.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [`${schema}.${name}`])
    return rows[0]?.there === true
  }

  return {
    async append(rows: readonly Row[]) {
      await pool.query(appendSql(schema), [toJson(rows)])
    },
    refusal(error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : ''
      return aboutValues.test(code) ? code : undefined
    },
    async prepare() {
      await pool.query(definition(schema))
    },
    async missing() {
      const missing: string[] = []
      for (const [kind, name] of [['table', 'millrace_log'] as const, ['view', 'millrace_current'] as const])
        if (!(await isThere(name))) missing.push(`${kind} ${schema}.${name}`)
      return missing
    },
    async check() {
      try {
        await pool.query('SELECT 1')
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
        return [
          {
            level: 'error',
            code: 'warehouse_unreachable',
            message: `The warehouse does not answer (${code}).`,
            setting: 'connectionString',
            cure: 'Check address, user and password, and that the database exists.',
          },
        ]
      }
      if (await isThere('millrace_log'))
        return [{ level: 'ok', code: 'warehouse_ready', message: `The warehouse answers and has its table.` }]
      return [{ level: 'error', code: 'warehouse_not_prepared', message: 'The warehouse has no table yet.', cure: 'Run `millrace apply`.' }]
    },
    async *list(object, fields) {
      for (let after = ''; ;) {
        const { rows } = await pool.query<{ key: string; fields: Record<string, FieldValue> }>(
          `SELECT key, fields FROM ${schema}.millrace_current WHERE object = $1 AND key COLLATE "C" > $2 ORDER BY key COLLATE "C" LIMIT ${pageSize}`,
          [object, after],
        )
        if (rows.length > 0) yield rows.map((row): ListedObject => toListed(object, row, fields))
        after = rows.at(-1)?.key ?? ''
        if (rows.length < pageSize) return
      }
    },
    async erase(keys, now) {
      const { rowCount } = await pool.query(eraseSql(schema), [toJson(keys), now])
      return rowCount ?? 0
    },
    close: () => pool.end(),
  }
}

const toListed = (object: string, row: { key: string; fields: Record<string, FieldValue> }, fields: readonly string[]): ListedObject => ({
  object,
  key: row.key,
  remoteId: `${object}/${row.key}`,
  fields: Object.fromEntries(fields.flatMap((name) => (row.fields[name] === undefined ? [] : [[name, row.fields[name]]]))),
})
