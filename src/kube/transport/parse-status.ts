import { KubeStatusError, type StatusCause } from './kube-status-error.ts';

const maxMessageLength = 500;

/**
 * Reads the body of a refusal. Kubernetes quotes what it refuses, so the words are cut where they quote at length, and
 * for Secrets nothing of them is kept but reasons and field paths. A body that is no Status is not Kubernetes' own word:
 * pages of proxies repeat requests with their credentials, so none of it is kept.
 */
export function parseStatus(
  status: number,
  body: string,
  options: { readonly isSecret: boolean; readonly retryAfter?: string | undefined },
): KubeStatusError {
  const parsed = parseObject(body);
  const isStatus = parsed?.kind === 'Status';
  const details = isStatus && isObject(parsed.details) ? parsed.details : {};
  const reason = isStatus && typeof parsed.reason === 'string' ? parsed.reason : '';
  const causes = (Array.isArray(details.causes) ? details.causes : []).map((cause) =>
    readCause(cause, options.isSecret),
  );
  return new KubeStatusError(
    status,
    messageOf(status, reason, causes, isStatus ? parsed.message : undefined, options.isSecret),
    {
      reason,
      causes,
      objectName: typeof details.name === 'string' && details.name !== '' ? details.name : undefined,
      retryAfterSeconds: secondsOf(options.retryAfter) ?? secondsOf(details.retryAfterSeconds),
    },
  );
}

/** Cuts values that Kubernetes quotes at length (`Invalid value: {…}: …`) out of its words. */
export function withoutQuotedValues(message: string): string {
  const quoted = message.replace(
    /(Invalid|Unsupported|Duplicate) value: ("(?:[^"\\]|\\.)*"|[[{][\s\S]*[\]}]|[a-z]+\.\w+\{[\s\S]*\})/g,
    (whole, word: string, value: string) => (value.startsWith('"') && value.length <= 64 ? whole : `${word} value`),
  );
  return quoted.length <= maxMessageLength ? quoted : `${quoted.slice(0, maxMessageLength)}…`;
}

function messageOf(
  status: number,
  reason: string,
  causes: readonly StatusCause[],
  message: unknown,
  isSecret: boolean,
): string {
  if (!isSecret && typeof message === 'string' && message.trim() !== '') return withoutQuotedValues(message.trim());
  if (isSecret && causes.length > 0) return causes.map((cause) => cause.message).join('; ');
  return reason === '' ? `HTTP status ${status}` : `${reason} (HTTP status ${status})`;
}

function readCause(cause: unknown, isSecret: boolean): StatusCause {
  const source = isObject(cause) ? cause : {};
  const reason = typeof source.reason === 'string' ? source.reason : '';
  const field = typeof source.field === 'string' && source.field !== '' ? source.field : undefined;
  const message = typeof source.message === 'string' ? source.message : reason;
  return { reason, field, message: isSecret ? `${field ?? 'value'}: ${reason}` : withoutQuotedValues(message) };
}

function secondsOf(value: unknown): number | undefined {
  const seconds = typeof value === 'string' ? Number(value) : value;
  return typeof seconds === 'number' && Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

function parseObject(body: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
