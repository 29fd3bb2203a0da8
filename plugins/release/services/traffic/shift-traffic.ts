import { isDeepStrictEqual } from 'node:util';
import { httpRouteKind, type RouteObject } from 'longshore/plugins/network';
import type { ClusterReader } from 'longshore/sdk';
import type { EngineWrite, ReleaseTarget } from '../../engines/engine.ts';
import { observePods, podsOfVersion } from '../../engines/observe-pods.ts';
import type { TaskLook } from '../tasks/task-look.ts';
import { rolloutKind, weighsRoute } from './rollouts.ts';
import { leadsTo, shiftWeights } from './route-weights.ts';
import { applyNextServices } from './service-tasks.ts';

const done: TaskLook = { is: 'done' };
const failed = (reason: string): TaskLook => ({ is: 'failed', reason });
/** What a release shifts traffic for. */
type Shifted = Pick<ReleaseTarget, 'namespace' | 'traffic' | 'access'>;

const namesOf = ({ access = [] }: Pick<ReleaseTarget, 'access'>): readonly string[] => access.map(({ name }) => name);

/** Before the first group: the route is one that traffic can be shifted by, and there is a Service for the pods of the new version (REL-37). */
export async function prepareTraffic(target: ReleaseTarget, reader: ClusterReader): Promise<TaskLook> {
  const route = await findRoute(target, reader);
  if (!route) return done;
  if ('is' in route) return route;
  return applyNextServices(target, reader);
}

/** So many percent of the requests go to the new version, once it has a pod that is ready. */
export async function shiftTraffic(target: ReleaseTarget, percent: number, reader: ClusterReader): Promise<TaskLook> {
  const route = await findRoute(target, reader);
  if (!route) return done;
  if ('is' in route) return route;
  const prepared = await applyNextServices(target, reader);
  if (prepared.is !== 'done') return prepared;
  const pods = [...(await observePods(target, reader)).values()].flat();
  if (!podsOfVersion(pods, target.versionId).some(({ isReady }) => isReady)) return { is: 'waiting' };
  return weighRoute(target, route, percent);
}

/** The route is as it was before, and leads to the Service of all pods. A route that is gone, or was pointed elsewhere, is nobody's matter any more. */
export async function finishTraffic(target: Shifted, reader: ClusterReader): Promise<TaskLook> {
  if (!target.traffic) return done;
  const route = await reader.get(httpRouteKind, target.namespace, target.traffic.route);
  return route ? weighRoute(target, route, undefined) : done;
}

function weighRoute(target: Shifted, route: RouteObject, percent: number | undefined): TaskLook {
  const before = route.spec?.rules ?? [];
  try {
    const rules = shiftWeights(before, target.namespace, namesOf(target), percent);
    return isDeepStrictEqual(rules, before) ? done : { is: 'write', write: patchOf(route, rules) };
  } catch (error) {
    if (error instanceof RangeError) return failed(`HTTPRoute '${route.metadata.name}': ${error.message}`);
    throw error;
  }
}

function patchOf({ metadata }: RouteObject, rules: readonly unknown[]): EngineWrite {
  const { name, uid, resourceVersion } = metadata;
  return { verb: 'patch', kind: httpRouteKind, name, body: { spec: { rules } }, uid, resourceVersion };
}

/** The route of the target; undefined where it has none, and why it cannot be used. */
async function findRoute(target: ReleaseTarget, reader: ClusterReader): Promise<RouteObject | TaskLook | undefined> {
  const { traffic, namespace } = target;
  if (!traffic) return undefined;
  const name = `HTTPRoute '${traffic.route}'`;
  const route = await reader.get(httpRouteKind, namespace, traffic.route);
  if (!route) return failed(`There is no ${name} in namespace '${namespace}'.`);
  if (!leadsTo(route.spec?.rules ?? [], namespace, namesOf(target))) {
    return failed(`${name} does not lead to a Service of '${target.service}'.`);
  }
  const { items } = await reader.list(rolloutKind, { namespaces: [namespace] });
  const owner = items.find((rollout) => weighsRoute(rollout, traffic.route));
  return owner ? failed(`Rollout '${owner.metadata.name}' of OpenKruise sets the weights of ${name}.`) : route;
}
