import postgres from 'postgres';
import { UpstreamError } from '../kernel/answer-error.ts';
import type { Clock } from '../kernel/clock.ts';
import { currentCost } from '../kernel/operation-cost.ts';
import { createSingleSocket, type SocketTarget } from './single-socket.ts';
import { failStatementSpan, startStatementSpan } from './statement-span.ts';

export interface ConnectionSettings {
  /** `postgres://…`, or undefined where `driver.path` names a socket. */
  readonly url: string | undefined;
  readonly driver: postgres.Options<Record<string, never>>;
  readonly clock: Clock;
  /** False where a statement cannot be stopped once it runs. */
  readonly canCancel: boolean;
  /** Called when a statement was neither answered in time nor cancelled. */
  readonly onUnanswered?: (() => void) | undefined;
}

export interface QueryOptions {
  /** Rows as arrays of values in column order instead of objects. */
  readonly asValues: boolean;
  /** Undefined waits as long as it takes. */
  readonly timeoutMs: number | undefined;
}

export type QueryRows = postgres.RowList<postgres.Row[]>;

/** How long a statement that was asked to stop may take to do so, in ms. */
const cancelGraceMs = 2_000;

/** drizzle itself reads and writes dates and JSON; the driver hands them through as text, as drizzle's own set-up has it. */
const passThrough = (value: unknown) => value;
const dateTypes = [1184, 1082, 1083, 1114, 1182, 1185, 1115, 1231];
const jsonTypes = [114, 3802];

/**
 * One connection with at most one statement under way, for one caller at a time. It connects with its first statement;
 * once it is lost it is never used again, so that nothing meant for a transaction can run outside of it.
 */
export class DatabaseConnection {
  /** Called once when it breaks, before anybody learns of it from a statement's error. */
  onBreak: ((connection: DatabaseConnection) => void) | undefined;
  /** The transaction that holds it at present hears of it too. */
  onBreakInTransaction: (() => void) | undefined;
  private hasBroken = false;
  private readonly sql: postgres.Sql;
  private readonly settings: ConnectionSettings;
  private readonly socket = createSingleSocket();

  constructor(settings: ConnectionSettings) {
    this.settings = settings;
    const driver = {
      connect_timeout: 5,
      // Types are drizzle's business; asking for them costs a round trip per connection.
      fetch_types: false,
      onnotice: () => {},
      ...settings.driver,
      max: 1,
      // The driver's own timers would end a connection in the middle of a transaction that is idle for a moment.
      idle_timeout: 0,
      max_lifetime: 0,
      onclose: () => this.break(),
      socket: (target: SocketTarget) => this.socket.open(target),
    };
    this.sql = settings.url === undefined ? postgres(driver) : postgres(settings.url, driver);
    for (const type of dateTypes) {
      this.sql.options.parsers[type] = passThrough;
      this.sql.options.serializers[type] = passThrough;
    }
    for (const type of jsonTypes) this.sql.options.serializers[type] = passThrough;
  }

  get isBroken(): boolean {
    return this.hasBroken;
  }

  /** Sends one statement. Not answered in time it is cancelled; where not even that is answered the connection is given up. */
  async query(text: string, parameters: readonly unknown[], options: QueryOptions): Promise<QueryRows> {
    if (this.hasBroken) throw connectionLost();
    const pending = this.sql.unsafe(text, [...parameters] as postgres.ParameterOrJSON<never>[]);
    const cost = currentCost();
    if (cost) cost.databaseQueries += 1;
    const span = startStatementSpan(text);
    const answer = options.asValues ? (pending.values() as unknown as Promise<QueryRows>) : pending;
    try {
      const rows = await this.bounded(answer, options.timeoutMs, () => this.socket.besides(() => cancel(pending)));
      if (cost) cost.databaseRows += rows.count ?? rows.length;
      span?.add({ 'db.response.returned_rows': rows.length });
      return rows;
    } catch (error) {
      if (isConnectionLost(error)) this.break();
      if (span) failStatementSpan(span, error);
      throw error;
    } finally {
      span?.end();
    }
  }

  private bounded<T>(answer: Promise<T>, timeoutMs: number | undefined, onTimeout: () => void): Promise<T> {
    if (timeoutMs === undefined) return answer;
    return new Promise<T>((resolve, reject) => {
      const { clock, canCancel, onUnanswered } = this.settings;
      let stop = clock.schedule(timeoutMs, () => {
        if (canCancel) onTimeout();
        stop = clock.schedule(canCancel ? cancelGraceMs : 0, () => {
          onUnanswered?.();
          reject(new UpstreamError('database', `the database did not answer within ${timeoutMs} ms`));
        });
      });
      answer.then(resolve, reject).finally(() => stop());
    });
  }

  /** Gives it up: nothing more is sent, what waits for an answer is refused. */
  break(): void {
    if (this.hasBroken) return;
    this.hasBroken = true;
    this.onBreakInTransaction?.();
    this.onBreak?.(this);
    this.sql
      .end({ timeout: 0 })
      .catch(() => undefined)
      .finally(() => this.socket.destroy());
  }

  /** Ends it in order, waiting up to 2 s for a statement under way. */
  async close(): Promise<void> {
    this.onBreak = undefined;
    await this.sql.end({ timeout: 2 });
    this.socket.destroy();
  }
}

export function connectionLost(options?: ErrorOptions): UpstreamError {
  return new UpstreamError('database', 'the connection to the database was lost', options);
}

/**
 * Asks the server to stop a statement, so that it does not run on unseen. The driver's `cancel()` drops the promise of
 * the request, whose failure would end the process; the function behind it (postgres.js 3.4.9, `Query`) answers it.
 */
function cancel(pending: object): void {
  if (!('canceller' in pending) || typeof pending.canceller !== 'function') return;
  const request: unknown = pending.canceller(pending);
  pending.canceller = null;
  Promise.resolve(request).catch(() => undefined);
}

/** Whether the connection is gone or in doubt; only a plain refusal of one statement leaves it usable. */
function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof postgres.PostgresError)) return true;
  return error.code.startsWith('08') || error.code.startsWith('57P');
}
