import postgres from 'postgres';
import { AnswerError, ConflictError, UpstreamError, ValidationError } from '../kernel/answer-error.ts';

/** A statement that the database does not accept: a fault of ours, so callers see INTERNAL. */
export class DatabaseStatementError extends Error {
  override readonly name = 'DatabaseStatementError';
  /** PostgreSQL's five characters, e.g. `42P01` (Appendix A of its manual). */
  readonly sqlState: string;
  constructor(sqlState: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.sqlState = sqlState;
  }
}

/**
 * Turns what the driver throws into the errors of the kernel's table, once, where it enters. The original stays as
 * `cause`, without the values that PostgreSQL quotes in it. Errors that are already ours pass through.
 */
export function translateDatabaseError(error: unknown): Error {
  if (error instanceof AnswerError || error instanceof DatabaseStatementError) return error;
  if (error instanceof postgres.PostgresError) return translateSqlState(error);
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const message = code === undefined ? undefined : connectionMessage(code);
  if (message !== undefined) return new UpstreamError('database', message, { cause: withoutParameters(error) });
  return error instanceof Error ? error : new Error('the database driver failed', { cause: error });
}

function translateSqlState(error: postgres.PostgresError): Error {
  const options = { cause: withoutValues(error) };
  const where = error.table_name === undefined ? '' : ` in ${error.table_name}`;
  const rule = error.constraint_name === undefined ? '' : ` (${error.constraint_name})`;
  const known = answersByState[error.code] ?? answersByClass[error.code.slice(0, 2)];
  if (known) return known(where, rule, options, error.code);
  return new DatabaseStatementError(
    error.code,
    `the database refused a statement${where} (SQLSTATE ${error.code})`,
    options,
  );
}

type Translate = (where: string, rule: string, options: ErrorOptions, sqlState: string) => Error;

const tryAgain =
  (what: string): Translate =>
  (_where, _rule, options) =>
    new ConflictError(`${what}; try again`, options);

const unavailable =
  (what: string): Translate =>
  (_where, _rule, options, sqlState) =>
    new UpstreamError('database', `${what} (SQLSTATE ${sqlState})`, options);

const answersByState: Readonly<Record<string, Translate>> = {
  '23505': (where, rule, options) => new ConflictError(`there is already one with this key${where}${rule}`, options),
  '23503': (where, rule, options) =>
    new ConflictError(`what it refers to is gone, or something still refers to it${where}${rule}`, options),
  '40001': tryAgain('another transaction changed the same rows at the same time'),
  '40P01': tryAgain('two transactions waited for each other'),
  '55P03': tryAgain('another transaction holds these rows'),
  '57014': unavailable('the statement was cancelled because it took too long'),
  '25006': unavailable('the database is read-only at present'),
  '3D000': unavailable('the server has no database of this name'),
};

const answersByClass: Readonly<Record<string, Translate>> = {
  '08': unavailable('the connection to the database was lost'),
  '22': (where, _rule, options) =>
    new ValidationError(
      [{ path: [], message: `a value does not fit its column${where}`, code: 'invalid_value' }],
      options,
    ),
  '28': unavailable('the database refused the credentials'),
  '53': unavailable('the database has no resources left'),
  '57': unavailable('the database does not answer at present'),
  '58': unavailable('the database failed'),
  XX: unavailable('the database failed'),
};

/** `detail`, `where` and, for bad values, the message itself quote what was sent: logs must not have it. */
function withoutValues(error: postgres.PostgresError): Error {
  const isQuoting = error.code.startsWith('22') || error.code.startsWith('23');
  const scrubbed = new Error(isQuoting ? `SQLSTATE ${error.code}` : error.message);
  scrubbed.name = 'PostgresError';
  return Object.assign(scrubbed, {
    code: error.code,
    severity: error.severity,
    table: error.table_name,
    column: error.column_name,
    constraint: error.constraint_name,
  });
}

/** The driver hangs statement and parameters on its connection errors. */
function withoutParameters(error: unknown): Error {
  const original = error instanceof Error ? error : new Error(String(error));
  const scrubbed = new Error(original.message);
  scrubbed.name = original.name;
  if ('code' in original) Object.assign(scrubbed, { code: original.code });
  return scrubbed;
}

const unreachableCodes = new Set([
  'ECONNREFUSED',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
const lostCodes = new Set(['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'ECONNRESET', 'EPIPE']);

function connectionMessage(code: string): string | undefined {
  if (lostCodes.has(code)) return 'the connection to the database was lost';
  if (code === 'CONNECTION_ENDED') return 'the database is closed';
  if (code === '57014') return 'the database did not answer in time';
  const isTls = code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.includes('CERT');
  if (unreachableCodes.has(code) || code === 'CONNECT_TIMEOUT' || isTls)
    return `the database cannot be reached (${code})`;
  return undefined;
}
