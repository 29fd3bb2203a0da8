import { cloneJson, type JsonObject, readPath } from '../../machinery/json.ts';
import { untypedShape } from '../../machinery/shape.ts';
import type { Draft, RegisteredResource, ScalePaths } from '../../registry/resource-strategy.ts';
import { scaleSelector, setReplicas } from '../../store/scale-of-object.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { ApiRequest, Handler, ObjectAnswer } from '../api-context.ts';
import { applyType, computePatch, parseConfiguration } from '../compute-patch.ts';
import { mediaTypeOf, parseObjectBody } from '../parse-body.ts';
import { inRequestedVersion } from '../present.ts';
import { resourceOf } from '../resource-of.ts';
import { badRequest, internalError, invalid, pathNotFound } from '../status-error.ts';
import { writeOptionsOf } from '../write-options.ts';
import { writeOver } from './update.ts';

/** GET, PUT and PATCH of `<workload>/<name>/scale`: autoscaling/v1 Scale in front of the replica count. */
export const handleScale: Handler = (context, request) => {
  const resource = resourceOf(context, request);
  const paths = resource.strategy.scale;
  if (paths === undefined) throw pathNotFound();
  const current = context.registry.require(resource, request.info.namespace, request.info.name);
  const seen = inRequestedVersion(resource, current);
  const hasReplicas = readPath(seen, ...paths.specReplicas) !== undefined;
  if (paths.needsReplicas === true && request.info.verb === 'get' && !hasReplicas) {
    throw internalError(`the spec replicas field ${JSON.stringify(`.${paths.specReplicas.join('.')}`)} does not exist`);
  }
  const scale = scaleOf(seen, paths);
  if (request.info.verb === 'get') return answer(scale);

  const next =
    request.info.verb === 'patch'
      ? patched(scale, request)
      : (parseObjectBody(request.body, request.headers['content-type']) ?? {});
  const replicas = readPath(next, 'spec', 'replicas') ?? 0;
  if (typeof replicas !== 'number' || !Number.isInteger(replicas)) throw badRequest('spec.replicas must be an integer');
  // A custom resource is refused for the field itself.
  if (replicas < 0 && resource.customResource === undefined) {
    throw invalid({ group: 'autoscaling', plural: 'scales', kind: 'Scale' }, current.metadata.name, [
      {
        reason: 'FieldValueInvalid',
        message: `Invalid value: ${replicas}: must be greater than or equal to 0`,
        field: 'spec.replicas',
      },
    ]);
  }
  const lock = readPath(next, 'metadata', 'resourceVersion');
  const draft = withReplicas(resource, current, paths, replicas, typeof lock === 'string' ? lock : undefined);
  const updated = writeOver(context, resource, current, draft, { ...writeOptionsOf(request), subresource: 'scale' });
  return answer(scaleOf(updated, paths));
};

function answer(scale: JsonObject): ObjectAnswer {
  return { code: 200, body: scale };
}

function patched(scale: JsonObject, request: ApiRequest): JsonObject {
  if (mediaTypeOf(request.headers['content-type']) === applyType) return parseConfiguration(request.body);
  return computePatch(scale, request.body, request.headers['content-type'], untypedShape);
}

function scaleOf(object: ClusterObject, paths: ScalePaths): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = scaleSelector(object, paths);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: readPath(object, ...paths.specReplicas) ?? 0 },
    status: {
      replicas: readPath(object, ...paths.statusReplicas) ?? 0,
      ...(selector === undefined ? {} : { selector }),
    },
  };
}

function withReplicas(
  resource: RegisteredResource,
  current: ClusterObject,
  paths: ScalePaths,
  replicas: number,
  lock: string | undefined,
): Draft {
  const draft = cloneJson(inRequestedVersion(resource, current)) as unknown as Draft;
  draft.metadata.resourceVersion = lock ?? current.metadata.resourceVersion;
  setReplicas(draft, paths, replicas);
  return draft;
}
