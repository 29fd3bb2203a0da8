import { isTrue } from './list-options.ts';

/** What a request asks for, read from its method and path alone. */
export interface RequestInfo {
  readonly isResource: boolean;
  /** Kubernetes' verb for resources, the method in small letters for other paths. */
  readonly verb: string;
  readonly path: string;
  readonly group: string;
  readonly version: string;
  /** The plural, empty for paths that are no resources. */
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string | undefined;
  /** Empty for collections. */
  readonly name: string;
}

const verbs: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Subresources of a namespace: everything else below `/namespaces/<name>/` is a resource in it. */
const namespaceSubresources = new Set(['status', 'finalize']);

/** Reads `/api/v1/...` and `/apis/<group>/<version>/...`; everything else is no resource. */
export function parseRequestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const other: RequestInfo = {
    isResource: false,
    verb: method.toLowerCase(),
    path,
    group: '',
    version: '',
    resource: '',
    subresource: '',
    namespace: undefined,
    name: '',
  };
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return other;
  const [group = '', version = '', ...below] = isCore ? ['', ...parts.slice(1)] : parts.slice(1);
  // `/api/v1/watch/…`, older than the parameter and still served.
  const isWatchPath = below[0] === 'watch' && below.length > 1;
  const rest = isWatchPath ? below.slice(1) : below;
  if (rest.length === 0) return other;

  let namespace: string | undefined;
  let [resource = '', name = '', subresource = ''] = rest;
  const isInNamespace =
    resource === 'namespaces' && rest.length >= 3 && !(rest.length === 3 && namespaceSubresources.has(rest[2] ?? ''));
  if (isInNamespace) {
    namespace = name;
    [, , resource = '', name = '', subresource = ''] = rest;
  }
  return {
    isResource: true,
    verb: isWatchPath && method === 'GET' ? 'watch' : verbOf(method, name, query),
    path,
    group,
    version,
    resource,
    subresource,
    namespace,
    name,
  };
}

function verbOf(method: string, name: string, query: URLSearchParams): string {
  const verb = verbs[method] ?? method.toLowerCase();
  // One object is got; to watch it, a field selector names it.
  if (method === 'GET' && name === '' && isTrue(query.get('watch'))) return 'watch';
  if (verb === 'get' && name === '') return 'list';
  return verb === 'delete' && name === '' ? 'deletecollection' : verb;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
