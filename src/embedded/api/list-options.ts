import { badRequest, invalid, type StatusCause, StatusError } from './status-error.ts';

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
  const askedMatch = query.get('resourceVersionMatch') ?? '';
  const continueToken = query.get('continue') ?? '';
  const askedInitial = query.get('sendInitialEvents');
  // A watch from anywhere begins with the state, and asks for it in the manner of today.
  const isLegacyWatch =
    isWatch && askedInitial === null && askedMatch === '' && (resourceVersion === '' || resourceVersion === '0');
  const [initial, match] = isLegacyWatch ? ['true', 'NotOlderThan'] : [askedInitial, askedMatch];
  const causes: StatusCause[] = [];
  const forbid = (field: string, detail: string): void => {
    causes.push({ reason: 'FieldValueForbidden', message: `Forbidden: ${detail}`, field });
  };
  const support = (values: readonly string[]): void => {
    if (match === '' || values.includes(match)) return;
    const list = values.map((value) => JSON.stringify(value)).join(', ');
    const message = `Unsupported value: ${JSON.stringify(match)}: supported values: ${list}`;
    causes.push({ reason: 'FieldValueNotSupported', message, field: 'resourceVersionMatch' });
  };
  const forbidWithContinue = (): void => {
    if (match === '' || continueToken === '') return;
    forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
  };
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
    support(['NotOlderThan']);
    forbidWithContinue();
  } else {
    if (match !== '' && resourceVersion === '') {
      forbid('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    }
    forbidWithContinue();
    support(['Exact', 'NotOlderThan', '']);
    if (match === 'Exact' && resourceVersion === '0') {
      forbid('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    }
    if (initial !== null) forbid('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  }
  if (causes.length > 0) throw invalid(kind, '', causes);
  const problem = problemOfVersion(resourceVersion);
  if (problem !== undefined && isWatch) throw new StatusError(500, '', problem);
  if (problem !== undefined) throw badRequest(`invalid resource version: ${problem}`);
  if (!isWatch && continueToken !== '' && resourceVersion !== '' && resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
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

/** Why the text is no resourceVersion; undefined when it is one, or none at all. */
export function problemOfVersion(resourceVersion: string): string | undefined {
  if (/^\d{0,15}$/.test(resourceVersion)) return undefined;
  const quoted = JSON.stringify(resourceVersion);
  return `resourceVersion: Invalid value: ${quoted}: strconv.ParseUint: parsing ${quoted}: invalid syntax`;
}

/** Undefined for unset, for 0 and below, which all mean the same. */
function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  if (text === '') return undefined;
  if (!/^[-+]?\d{1,15}$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  }
  return Number(text) > 0 ? Number(text) : undefined;
}

/** A parameter that is there is true, whatever it says, unless it says `false` or `0`. */
export function isTrue(value: string | null): boolean {
  return value !== null && !['false', '0'].includes(value.toLowerCase());
}
