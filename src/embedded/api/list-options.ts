import { badRequest, invalid, type StatusCause } from './status-error.ts';

/** The parameters of a list or watch that say which state of the collection is wanted. */
export interface ListOptions {
  readonly limit: number | undefined;
  readonly continueToken: string;
  /** Decimal digits; empty when unset. */
  readonly resourceVersion: string;
  readonly match: '' | 'Exact' | 'NotOlderThan';
  readonly timeoutSeconds: number | undefined;
  readonly wantsBookmarks: boolean;
  readonly sendsInitialEvents: boolean | undefined;
}

const kind = { group: 'meta.k8s.io', plural: 'listoptions', kind: 'ListOptions' };

/** Throws `StatusError` 400 for what is no number, 422 for parameters that exclude each other. */
export function parseListOptions(query: URLSearchParams, isWatch: boolean): ListOptions {
  const resourceVersion = query.get('resourceVersion') ?? '';
  const match = query.get('resourceVersionMatch') ?? '';
  const continueToken = query.get('continue') ?? '';
  const initial = query.get('sendInitialEvents');
  if (resourceVersion !== '' && !/^\d{1,15}$/.test(resourceVersion)) {
    throw badRequest(
      `resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
    );
  }
  if (continueToken !== '' && resourceVersion !== '' && resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
  const causes: StatusCause[] = [];
  const forbid = (field: string, detail: string): void => {
    causes.push({ reason: 'FieldValueForbidden', message: `Forbidden: ${detail}`, field });
  };
  if (match !== '' && match !== 'Exact' && match !== 'NotOlderThan') {
    causes.push({
      reason: 'FieldValueNotSupported',
      message: `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`,
      field: 'resourceVersionMatch',
    });
  }
  if (isWatch) {
    if (initial !== null && match !== 'NotOlderThan') {
      forbid('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    }
    if (initial === null && match !== '') {
      forbid(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      );
    }
  } else {
    if (initial !== null) forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
    if (match !== '' && resourceVersion === '') {
      forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    }
    if (match !== '' && continueToken !== '') {
      forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
    }
    if (match === 'Exact' && resourceVersion === '0') {
      forbid('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
  }
  if (causes.length > 0) throw invalid(kind, '', causes);
  return {
    limit: numberOf(query, 'limit'),
    continueToken,
    resourceVersion,
    match: match === 'Exact' || match === 'NotOlderThan' ? match : '',
    timeoutSeconds: numberOf(query, 'timeoutSeconds'),
    wantsBookmarks: isTrue(query.get('allowWatchBookmarks')),
    sendsInitialEvents: initial === null ? undefined : isTrue(initial),
  };
}

/** Undefined for unset and for 0, which means the same. */
function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  if (text === '') return undefined;
  if (!/^\d{1,15}$/.test(text)) throw badRequest(`${name}: Invalid value: ${JSON.stringify(text)}: must be a number`);
  return Number(text) === 0 ? undefined : Number(text);
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}
