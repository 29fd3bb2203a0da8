import type { OpenApi } from '../openapi/create-openapi.ts';
import { reviewResources } from '../registry/review-resources.ts';
import type { Answer, ApiContext, ApiRequest, Handler } from './api-context.ts';
import type { Discovery } from './discovery.ts';
import { handleAccessReview } from './handlers/access-review.ts';
import { answerAggregated } from './handlers/aggregated-discovery.ts';
import { handleCreate } from './handlers/create.ts';
import { handleDelete, handleDeleteCollection } from './handlers/delete.ts';
import { handleGet } from './handlers/get.ts';
import { answerHealth, healthRoots } from './handlers/health.ts';
import { handleIssuerConfiguration, handleKeySet } from './handlers/issuer-discovery.ts';
import { handleList } from './handlers/list.ts';
import { answerOpenApi } from './handlers/openapi.ts';
import { handlePatch } from './handlers/patch.ts';
import { handlePodBinding } from './handlers/pod-binding.ts';
import { handlePodEviction } from './handlers/pod-eviction.ts';
import { handlePodLog } from './handlers/pod-log.ts';
import { handlePodAttach, handlePodExec } from './handlers/pod-session.ts';
import { handlePortForward, handleProxy } from './handlers/proxy.ts';
import { handleResourceMetrics } from './handlers/resource-metrics.ts';
import { handleRulesReview } from './handlers/rules-review.ts';
import { handleScale } from './handlers/scale.ts';
import { handleSelfReview } from './handlers/self-review.ts';
import { handleTokenRequest } from './handlers/token-request.ts';
import { handleTokenReview } from './handlers/token-review.ts';
import { handleUpdate } from './handlers/update.ts';
import { handleWatch } from './handlers/watch.ts';
import { resourceOf } from './resource-of.ts';
import { printWarning } from './send-answer.ts';
import { serverVersion } from './server-version.ts';
import { methodNotSupported, pathNotFound } from './status-error.ts';

/** Verbs on an object or a collection. */
const plainHandlers: Readonly<Record<string, Handler>> = {
  get: handleGet,
  list: handleList,
  watch: handleWatch,
  create: handleCreate,
  update: handleUpdate,
  patch: handlePatch,
  delete: handleDelete,
  deletecollection: handleDeleteCollection,
};

/** Verbs on subresources, by the subresource's name. */
const subresourceHandlers: Readonly<Record<string, Readonly<Record<string, Handler>>>> = {
  status: { get: handleGet, update: handleUpdate, patch: handlePatch },
  approval: { get: handleGet, update: handleUpdate, patch: handlePatch },
  scale: { get: handleScale, update: handleScale, patch: handleScale },
  log: { get: handlePodLog },
  exec: { get: handlePodExec, create: handlePodExec },
  attach: { get: handlePodAttach, create: handlePodAttach },
  portforward: { get: handlePortForward, create: handlePortForward },
  proxy: { get: handleProxy, create: handleProxy, update: handleProxy, patch: handleProxy, delete: handleProxy },
  ephemeralcontainers: { get: handleGet, update: handleUpdate, patch: handlePatch },
  resize: { get: handleGet, update: handleUpdate, patch: handlePatch },
  eviction: { create: handlePodEviction },
  binding: { create: handlePodBinding },
  finalize: { update: handleUpdate },
  token: { create: handleTokenRequest },
};

const readVerbs = new Set(['get', 'list', 'watch']);

const reviewHandlers: Readonly<Record<string, Handler>> = {
  selfsubjectrulesreviews: handleRulesReview,
  selfsubjectreviews: handleSelfReview,
  tokenreviews: handleTokenReview,
};

/** What the server tells of itself. */
export interface Documents {
  readonly discovery: Discovery;
  readonly openApi: OpenApi;
}

const pathHandlers: Readonly<Record<string, Handler>> = {
  '/.well-known/openid-configuration': handleIssuerConfiguration,
  '/openid/v1/jwks': handleKeySet,
};

/** Finds who answers the request, and lets them. Throws `StatusError` 404 or 405 when nobody does. */
export function dispatch(context: ApiContext, documents: Documents, request: ApiRequest): Answer | Promise<Answer> {
  if (!request.info.isResource) {
    const handler = request.info.verb === 'get' ? pathHandlers[request.info.path.replace(/\/$/, '')] : undefined;
    return handler === undefined ? answerPath(context, documents, request) : handler(context, request);
  }
  const { group, resource, subresource, verb, name } = request.info;
  if (reviewResources.some((review) => review.plural === resource && review.group === group)) {
    if (name !== '') throw pathNotFound();
    if (verb !== 'create') throw methodNotSupported();
    return (reviewHandlers[resource] ?? handleAccessReview)(context, request);
  }
  const usage = group === 'metrics.k8s.io' ? context.usage() : undefined;
  if (usage !== undefined) return handleResourceMetrics(context, usage, request);
  if (isUnknownGroup(documents, group)) return unknownPath;
  const served = resourceOf(context, request);
  const { definition, strategy } = served;
  if (subresource !== '' && !definition.subresources.includes(subresource)) throw pathNotFound();
  const handlers = subresource === '' ? plainHandlers : subresourceHandlers[subresource];
  const handler = handlers !== undefined && Object.hasOwn(handlers, verb) ? handlers[verb] : undefined;
  const isForbidden = verb === 'deletecollection' && group === '' && resource === 'namespaces';
  const isMisplaced = subresource === '' && (name === '' ? ['update', 'patch'].includes(verb) : verb === 'create');
  if (handler === undefined || isMisplaced || isForbidden) throw methodNotSupported();
  if (strategy.load !== undefined && !readVerbs.has(verb)) return strategy.load().then(() => handler(context, request));
  const { warnings } = served;
  if (warnings === undefined) return handler(context, request);
  // A stream sends its headers itself.
  if (verb === 'watch') request.response.setHeader('warning', warnings.map(printWarning));
  const withWarnings = (answer: Answer): Answer =>
    answer === 'streamed' || 'text' in answer
      ? answer
      : { ...answer, warnings: [...warnings, ...(answer.warnings ?? [])] };
  const answer = handler(context, request);
  return answer instanceof Promise ? answer.then(withWarnings) : withWarnings(answer);
}

function answerPath(context: ApiContext, documents: Documents, request: ApiRequest): Answer | Promise<Answer> {
  const { path, verb } = request.info;
  const isAggregated = (path === '/api' || path === '/apis') && request.accepted.isAggregated === true;
  const document = ownDocument(documents, path) ?? documents.discovery.document(path, isAggregated);
  const answer = document === undefined ? answerHealth(request) : { code: 200, body: document };
  const isOpenApi = path.startsWith('/openapi/');
  if (answer === undefined && !isOpenApi) {
    if (isKnownRoot(documents, path)) throw pathNotFound();
    return unknownPath;
  }
  if (verb !== 'get') throw methodNotSupported();
  if (answer === undefined) return answerOpenApi(documents.openApi, request, context.clock.now());
  return document !== undefined && isAggregated ? answerAggregated(request, document) : answer;
}

function ownDocument({ discovery }: Documents, path: string): object | undefined {
  if (path === '/version' || path === '/version/') return serverVersion;
  if (path !== '/') return undefined;
  return { paths: [...Object.keys(pathHandlers), ...healthRoots, '/version', ...discovery.paths()].sort() };
}

/** Answered by no API group, and so not in an API's words. */
const unknownPath: Answer = {
  code: 404,
  text: '404 page not found\n',
  contentType: 'text/plain; charset=utf-8',
  headers: { 'x-content-type-options': 'nosniff' },
};

function isUnknownGroup(documents: Documents, group: string): boolean {
  return group !== '' && documents.discovery.document(`/apis/${group}`, false) === undefined;
}

/** Whether a group that is there would answer the path: it says in a Status that it has not got it. */
function isKnownRoot(documents: Documents, path: string): boolean {
  const [root, group = ''] = path.split('/').filter((part) => part !== '');
  return root === 'api' || (root === 'apis' && !isUnknownGroup(documents, group));
}
