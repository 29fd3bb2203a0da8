import { asObject, asString, type JsonObject } from '../machinery/json.ts';
import type { RegisteredResource } from '../registry/resource-strategy.ts';
import type { ObjectRegistry } from '../store/object-registry.ts';
import type { DeleteOptions } from '../store/types.ts';
import type { ApiRequest } from './api-context.ts';
import { parseObjectBody } from './parse-body.ts';
import { badRequest, invalid } from './status-error.ts';
import { isDryRun } from './write-options.ts';

const policies = ['Foreground', 'Background', 'Orphan'] as const;
const kind = { group: 'meta.k8s.io', plural: 'deleteoptions', kind: 'DeleteOptions' };

/** DeleteOptions of the body or, where there is none, of the query. Throws `StatusError` 400 or 422. */
export function deleteOptionsOf(
  registry: ObjectRegistry,
  request: ApiRequest,
  resource: RegisteredResource,
): { readonly options: DeleteOptions; readonly warnings: readonly string[] } {
  const sent = parseObjectBody(request.body, request.headers['content-type']);
  const body = sent ?? {};
  if (body.kind !== undefined && body.kind !== 'DeleteOptions') {
    throw badRequest(`the object provided is unrecognized (must be of type DeleteOptions): ${String(body.kind)}`);
  }
  return readDeleteOptions(registry, body, sent === undefined ? request.query : new URLSearchParams(), resource);
}

export function readDeleteOptions(
  registry: ObjectRegistry,
  body: JsonObject,
  query: URLSearchParams,
  resource: RegisteredResource,
): { readonly options: DeleteOptions; readonly warnings: readonly string[] } {
  const asked = query.get('gracePeriodSeconds') ?? '';
  if (asked !== '' && !/^[-+]?\d{1,15}$/.test(asked)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(asked)}: invalid syntax`);
  }
  const grace = body.gracePeriodSeconds ?? (asked === '' ? undefined : Number(asked));
  if (grace !== undefined && grace !== null && (typeof grace !== 'number' || !Number.isInteger(grace))) {
    throw badRequest('gracePeriodSeconds must be an integer');
  }
  const policy = policyOf(body, query);
  const { uid, resourceVersion } = asObject(body.preconditions) ?? {};
  const preconditions = {
    ...(asString(uid) === undefined ? {} : { uid: String(uid) }),
    ...(asString(resourceVersion) === undefined ? {} : { resourceVersion: String(resourceVersion) }),
  };
  const hasCollector = registry.environment.hasControllers;
  const natural = policy ?? (hasCollector ? resource.strategy.defaultPropagation : undefined);
  // Without a garbage collector nobody would ever take the finalizer off again.
  const effective = hasCollector ? natural : undefined;
  const isDry = isDryRun([...query.getAll('dryRun'), ...(Array.isArray(body.dryRun) ? body.dryRun : [])], kind.kind);
  return {
    options: {
      ...(typeof grace === 'number' ? { gracePeriodSeconds: grace } : {}),
      ...(effective === undefined ? {} : { propagationPolicy: effective }),
      ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }),
      dryRun: isDry,
    },
    warnings:
      policy === undefined && resource.strategy.defaultPropagation === 'Orphan'
        ? [
            `child pods are preserved by default when ${resource.definition.plural} are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning`,
          ]
        : [],
  };
}

function policyOf(body: JsonObject, query: URLSearchParams): DeleteOptions['propagationPolicy'] {
  const asked = body.propagationPolicy ?? query.get('propagationPolicy') ?? undefined;
  const orphan = body.orphanDependents ?? query.get('orphanDependents') ?? undefined;
  if (asked === undefined) {
    if (orphan === undefined) return undefined;
    return orphan === true || orphan === 'true' ? 'Orphan' : 'Background';
  }
  if (orphan !== undefined && orphan !== null) {
    const message = `Invalid value: ${JSON.stringify(asked)}: orphanDependents and deletionPropagation cannot be both set`;
    throw invalid(kind, '', [{ reason: 'FieldValueInvalid', message, field: 'propagationPolicy' }]);
  }
  const policy = policies.find((each) => each === asked);
  if (policy === undefined) {
    throw invalid(kind, '', [
      {
        reason: 'FieldValueNotSupported',
        message: `Unsupported value: ${JSON.stringify(asked)}: supported values: ${[...policies, 'nil'].map((each) => `"${each}"`).join(', ')}`,
        field: 'propagationPolicy',
      },
    ]);
  }
  return policy;
}
