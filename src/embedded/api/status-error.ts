/** Why a field was refused, as Kubernetes reports it in `details.causes`. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

/** The body of every refusal: `kind: Status`, as `meta/v1` defines it. */
export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: { readonly continue?: string };
  readonly status: 'Failure' | 'Success';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
  readonly code: number;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

/** What an error says about the resource it concerns. */
export interface ResourceNames {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
}

/** A refusal of the API server. `status` is the exact body a client receives. */
export class StatusError extends Error {
  override readonly name = 'StatusError';
  readonly status: Status;

  constructor(code: number, reason: string, message: string, details?: StatusDetails, continueToken?: string) {
    super(message);
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: continueToken === undefined ? {} : { continue: continueToken },
      status: 'Failure',
      message,
      ...(reason === '' ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }

  get code(): number {
    return this.status.code;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }
}

/** `deployments.apps`, or `pods` for the core group. */
export function qualifiedResource(resource: Pick<ResourceNames, 'group' | 'plural'>): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

export function notFound(resource: ResourceNames, name: string): StatusError {
  return new StatusError(404, 'NotFound', `${qualifiedResource(resource)} "${name}" not found`, {
    name,
    ...groupDetail(resource.group),
    kind: resource.plural,
  });
}

/** 404 for a path that no resource is served under. */
export function pathNotFound(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(resource: ResourceNames, name: string): StatusError {
  return new StatusError(409, 'AlreadyExists', `${qualifiedResource(resource)} "${name}" already exists`, {
    name,
    ...groupDetail(resource.group),
    kind: resource.plural,
  });
}

export function conflict(resource: ResourceNames, name: string, why: string): StatusError {
  return new StatusError(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualifiedResource(resource)} "${name}": ${why}`,
    { name, ...groupDetail(resource.group), kind: resource.plural },
  );
}

/** The optimistic lock failed. */
export function modifiedConflict(resource: ResourceNames, name: string): StatusError {
  return conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

/** One field of an apply request that another manager owns; `manager` is quoted and dated as the message prints it. */
export interface ApplyConflict {
  readonly manager: string;
  readonly field: string;
}

/** Server-side apply met fields that other managers own. */
export function applyConflict(conflicts: readonly ApplyConflict[]): StatusError {
  const causes = conflicts.map(({ manager, field }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${manager}`,
    field,
  }));
  const [only] = conflicts;
  if (conflicts.length === 1 && only !== undefined) {
    const message = `Apply failed with 1 conflict: conflict with ${only.manager}: ${only.field}`;
    return new StatusError(409, 'Conflict', message, { causes });
  }
  const managers = [...new Set(conflicts.map(({ manager }) => manager))].sort();
  const lines = managers.flatMap((manager) => [
    `conflicts with ${manager}:`,
    ...conflicts.filter((each) => each.manager === manager).map((each) => `- ${each.field}`),
  ]);
  return new StatusError(409, 'Conflict', `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`, {
    causes,
  });
}

export function invalid(resource: ResourceNames, name: string, causes: readonly StatusCause[]): StatusError {
  // What is said twice is counted twice, and written once.
  const lines = [
    ...new Set(causes.map(({ field, message }) => (field === undefined ? message : `${field}: ${message}`))),
  ];
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const joined = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  return new StatusError(422, 'Invalid', `${kind} "${name}" is invalid: ${joined}`, {
    ...(name === '' ? {} : { name }),
    ...groupDetail(resource.group),
    ...(resource.kind === '' ? {} : { kind: resource.kind }),
    causes,
  });
}

/** 422 for a patch that is well-formed but cannot be carried out. */
export function unprocessable(message: string): StatusError {
  return new StatusError(422, 'Invalid', message, {});
}

/** 500 as the server answers where it has no better word for what is wrong with a request: a message and nothing else. */
export function unexplained(message: string): StatusError {
  return new StatusError(500, '', message);
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function unauthorized(): StatusError {
  return new StatusError(401, 'Unauthorized', 'Unauthorized');
}

export function forbidden(
  resource: Pick<ResourceNames, 'group' | 'plural'>,
  name: string,
  why: string,
  causes?: readonly StatusCause[],
): StatusError {
  const subject = name === '' ? qualifiedResource(resource) : `${qualifiedResource(resource)} "${name}"`;
  return new StatusError(403, 'Forbidden', `${subject} is forbidden: ${why}`, {
    ...(name === '' ? {} : { name }),
    ...groupDetail(resource.group),
    kind: resource.plural,
    ...(causes === undefined ? {} : { causes }),
  });
}

/** 403 for a path that is no resource. */
export function forbiddenPath(why: string): StatusError {
  return new StatusError(403, 'Forbidden', `forbidden: ${why}`, {});
}

export function methodNotSupported(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

/** 410: the history a resourceVersion or continue token points into has been dropped. */
export function expired(message: string, continueToken?: string): StatusError {
  return new StatusError(410, 'Expired', message, undefined, continueToken);
}

/** 504: the client has seen a newer state than the server. */
export function tooLargeResourceVersion(asked: string, current: string): StatusError {
  return new StatusError(504, 'Timeout', `Too large resource version: ${asked}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

export function tooManyRequests(
  message: string,
  retryAfterSeconds: number,
  causes?: readonly StatusCause[],
): StatusError {
  return new StatusError(429, 'TooManyRequests', message, {
    ...(causes === undefined ? {} : { causes }),
    ...(retryAfterSeconds === 0 ? {} : { retryAfterSeconds }),
  });
}

export function unsupportedMediaType(accepted: readonly string[]): StatusError {
  return new StatusError(
    415,
    'UnsupportedMediaType',
    `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  );
}

/** Discovery documents have their own words, and no details. */
export function notAcceptable(isDiscovery: boolean, accepted: readonly string[]): StatusError {
  const types = accepted.join(', ');
  if (isDiscovery) {
    return new StatusError(406, 'NotAcceptable', `only the following media types are accepted: ${types}`);
  }
  const words = `406: Not Acceptable\n\nAvailable representations: ${types}`;
  return new StatusError(406, 'NotAcceptable', words, {});
}

export function entityTooLarge(limitBytes: number): StatusError {
  return new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);
}

export function internalError(message: string): StatusError {
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`, {
    causes: [{ reason: '', message }],
  });
}

function groupDetail(group: string): { group?: string } {
  return group === '' ? {} : { group };
}
