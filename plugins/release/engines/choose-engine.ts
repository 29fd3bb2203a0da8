import type { Cluster } from 'longshore/sdk';
import type { EngineName } from '../api.ts';
import { advancedStatefulSetEngine } from './advanced-stateful-set/advanced-stateful-set-engine.ts';
import { cloneSetBetaEngine, cloneSetEngine } from './clone-set/clone-set-engine.ts';
import { deploymentPairEngine } from './deployment-pair/deployment-pair-engine.ts';
import type { ReleaseEngine, ReleaseTarget } from './engine.ts';
import { inPlaceObstacles } from './in-place-obstacles.ts';
import { statefulSetEngine } from './stateful-set/stateful-set-engine.ts';

type Served = Pick<Cluster, 'name' | 'serves'>;

const engineNames = ['CLONE_SET', 'ADVANCED_STATEFUL_SET', 'STATEFUL_SET', 'DEPLOYMENT_PAIR'] as const;

export interface ChosenEngine {
  readonly engine: ReleaseEngine;
  /** Why pods are replaced though the version asks for IN_PLACE (REL-08), in words for people; undefined where they are not. */
  readonly replacedBecause: string | undefined;
}

export interface EngineQuestion {
  readonly target: ReleaseTarget;
  /** What runs; undefined or null before the first release. */
  readonly previous?: ReleaseTarget | null | undefined;
  /** What drives the service now: it goes on to, as long as the cluster has it. */
  readonly current?: EngineName | null | undefined;
  readonly cluster: Served;
}

/**
 * Who moves the pods of a service. Where OpenKruise is, it does, in either mode, so that a service can change between IN_PLACE and REPLACE with
 * no outage; blue-green takes a pair, as both versions must be there whole. A service stays with what it runs on: its pods cannot go over to
 * another kind of workload. Pure.
 */
export function chooseEngine({ target, previous, current, cluster }: EngineQuestion): ChosenEngine {
  const known = current ? engineOf(current, cluster) : undefined;
  const engine = known?.isThere(cluster) ? known : newEngine(target, cluster);
  return {
    engine,
    replacedBecause:
      target.upgradeMode === 'IN_PLACE' && previous ? whyReplaced(engine, target, previous, cluster) : undefined,
  };
}

/** The engine of a name, in the version of its kind that the cluster serves. */
export function engineOf(name: EngineName, cluster: Served): ReleaseEngine {
  switch (name) {
    case 'CLONE_SET':
      return cloneSets(cluster);
    case 'ADVANCED_STATEFUL_SET':
      return advancedStatefulSetEngine;
    case 'STATEFUL_SET':
      return statefulSetEngine;
    case 'DEPLOYMENT_PAIR':
      return deploymentPairEngine;
  }
}

/** All that the cluster has. */
export const enginesOf = (cluster: Served): readonly ReleaseEngine[] =>
  engineNames.map((name) => engineOf(name, cluster)).filter((engine) => engine.isThere(cluster));

function cloneSets(cluster: Served): ReleaseEngine {
  return !cloneSetEngine.isThere(cluster) && cloneSetBetaEngine.isThere(cluster) ? cloneSetBetaEngine : cloneSetEngine;
}

function newEngine(target: ReleaseTarget, cluster: Served): ReleaseEngine {
  if (target.isStateful) {
    return advancedStatefulSetEngine.isThere(cluster) ? advancedStatefulSetEngine : statefulSetEngine;
  }
  const engine = cloneSets(cluster);
  return engine.isThere(cluster) && !target.previousStays ? engine : deploymentPairEngine;
}

const nativeKinds: Partial<Record<EngineName, string>> = {
  STATEFUL_SET: 'StatefulSets of Kubernetes itself',
  DEPLOYMENT_PAIR: 'Deployments',
};

function whyReplaced(
  { name }: ReleaseEngine,
  target: ReleaseTarget,
  previous: ReleaseTarget,
  cluster: Served,
): string | undefined {
  const native = nativeKinds[name];
  if (native !== undefined) {
    const isThere = cloneSets(cluster).isThere(cluster);
    if (target.previousStays) return 'Both versions run side by side until traffic has gone over: pods are new ones.';
    return isThere
      ? `Its pods are of ${native}, which make new pods for a new version, since before cluster '${cluster.name}' had OpenKruise.`
      : `Cluster '${cluster.name}' has no OpenKruise: ${native} make new pods for a new version.`;
  }
  if (previous.upgradeMode !== 'IN_PLACE' && name === 'ADVANCED_STATEFUL_SET') {
    return 'The version before was released with REPLACE: pods are made anew once.';
  }
  const obstacles = inPlaceObstacles(previous, target);
  return obstacles.length > 0 ? `Pods are made anew: ${obstacles.join(', ')}.` : undefined;
}
