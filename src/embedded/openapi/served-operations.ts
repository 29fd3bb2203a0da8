import type { Served, ServedSubresource } from '../api/served-groups.ts';

/** One operation on a path, in words that both versions of OpenAPI can be printed from. */
export interface ServedOperation {
  readonly method: 'get' | 'put' | 'post' | 'delete' | 'patch';
  readonly action: string;
  readonly id: string;
  readonly description: string;
  readonly query: readonly string[];
  /** What the body holds; a patch is any of the patch formats. */
  readonly body: 'object' | 'options' | 'patch' | undefined;
  readonly answer: 'object' | 'list' | 'status' | 'text';
  readonly codes: readonly number[];
  /** The kind that is read or written: the subresource's own where it has one. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
}

export interface ServedPath {
  readonly path: string;
  readonly parameters: readonly ('name' | 'namespace')[];
  readonly operations: readonly ServedOperation[];
}

const listQuery = [
  'allowWatchBookmarks',
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
  'watch',
];
const writeQuery = ['dryRun', 'fieldManager', 'fieldValidation'];
const deleteQuery = ['dryRun', 'gracePeriodSeconds', 'orphanDependents', 'propagationPolicy'];
const collectionQuery = [
  ...deleteQuery,
  'continue',
  'fieldSelector',
  'labelSelector',
  'limit',
  'resourceVersion',
  'resourceVersionMatch',
  'sendInitialEvents',
  'timeoutSeconds',
];

/** The paths of one resource with its subresources. */
export function pathsOfResource(served: Served): ServedPath[] {
  const { group, version, plural, namespaced, kind, verbs } = served;
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const scope = namespaced ? ['namespace' as const] : [];
  const collection = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const id = (verb: string, rest: string): string => `${verb}${idPrefix(group, version)}${rest}`;
  const place = namespaced ? 'Namespaced' : '';
  const own = { group, version, kind };
  const on: Pick<ServedOperation, 'kind' | 'codes'> = { kind: own, codes: [200] };

  const ofCollection: ServedOperation[] = [];
  const ofItem: ServedOperation[] = [];
  const has = (verb: string): boolean => verbs.includes(verb);
  const list: ServedOperation = {
    ...on,
    method: 'get',
    action: 'list',
    id: id('list', `${place}${kind}`),
    description: `list or watch objects of kind ${kind}`,
    query: listQuery,
    body: undefined,
    answer: 'list',
  };
  if (has('list')) ofCollection.push(list);
  if (has('create')) {
    ofCollection.push({
      ...on,
      method: 'post',
      action: 'post',
      id: id('create', `${place}${kind}`),
      description: `create ${article(kind)} ${kind}`,
      query: writeQuery,
      body: 'object',
      answer: 'object',
      codes: [200, 201, 202],
    });
  }
  if (has('deletecollection')) {
    ofCollection.push({
      ...on,
      method: 'delete',
      action: 'deletecollection',
      id: id('delete', `Collection${place}${kind}`),
      description: `delete collection of ${kind}`,
      query: collectionQuery,
      body: 'options',
      answer: 'status',
    });
  }
  // Objects are created on their collection; only subresources are created on an item.
  const itemVerbs = verbs.filter((verb) => verb !== 'create');
  ofItem.push(...itemOperations(itemVerbs, own, (verb) => id(verb, `${place}${kind}`), kind));
  const paths: ServedPath[] = [{ path: collection, parameters: scope, operations: ofCollection }];
  if (namespaced && has('list')) {
    const everywhere = { ...list, id: id('list', `${kind}ForAllNamespaces`) };
    paths.push({ path: `${root}/${plural}`, parameters: [], operations: [everywhere] });
  }
  if (ofItem.length > 0) {
    paths.push({ path: `${collection}/{name}`, parameters: ['name', ...scope], operations: ofItem });
  }
  for (const sub of served.subresources) {
    const idOf = (verb: string): string => id(verb, `${place}${kind}${capital(sub.name)}`);
    const operations = itemOperations(sub.verbs, sub, idOf, `${sub.name} of the specified ${kind}`);
    paths.push({
      path: `${collection}/{name}/${sub.name}`,
      parameters: ['name', ...scope],
      operations: isText(sub) ? operations.map((each) => ({ ...each, answer: 'text' })) : operations,
    });
  }
  return paths;
}

/** `apps_v1`, `rbacAuthorization_v1`. */
export function tagOf(group: string, version: string): string {
  const words = groupWords(group);
  return `${words.charAt(0).toLowerCase()}${words.slice(1)}_${version}`;
}

export function idPrefix(group: string, version: string): string {
  return `${groupWords(group)}${capital(version)}`;
}

function itemOperations(
  verbs: readonly string[],
  kind: ServedOperation['kind'],
  idOf: (verb: string) => string,
  what: string,
): ServedOperation[] {
  const own = { group: kind.group, version: kind.version, kind: kind.kind };
  const operations: ServedOperation[] = [];
  const add = (verb: string, operation: Omit<ServedOperation, 'kind'>): void => {
    if (verbs.includes(verb)) operations.push({ ...operation, kind: own });
  };
  const get = { query: [], body: undefined, answer: 'object', codes: [200] } as const;
  const write = { query: writeQuery, body: 'object', answer: 'object', codes: [200, 201] } as const;
  add('get', { ...get, method: 'get', action: 'get', id: idOf('read'), description: `read ${what}` });
  add('update', { ...write, method: 'put', action: 'put', id: idOf('replace'), description: `replace ${what}` });
  add('create', {
    ...write,
    method: 'post',
    action: 'post',
    id: idOf('create'),
    description: `create ${what}`,
    codes: [200, 201, 202],
  });
  add('delete', {
    method: 'delete',
    action: 'delete',
    id: idOf('delete'),
    description: `delete ${what}`,
    query: deleteQuery,
    body: 'options',
    answer: 'status',
    codes: [200, 202],
  });
  add('patch', {
    ...write,
    method: 'patch',
    action: 'patch',
    id: idOf('patch'),
    description: `partially update ${what}`,
    query: [...writeQuery, 'force'],
    body: 'patch',
  });
  return operations;
}

function isText(sub: ServedSubresource): boolean {
  return sub.name === 'log';
}

function groupWords(group: string): string {
  if (group === '') return 'Core';
  return group
    .replace(/\.k8s\.io$/, '')
    .split(/[.-]/)
    .map(capital)
    .join('');
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function article(kind: string): string {
  return /^[AEIOU]/.test(kind) ? 'an' : 'a';
}
