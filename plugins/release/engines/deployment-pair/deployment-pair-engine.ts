import { type DeploymentObject, deploymentKind } from 'longshore/plugins/compute';
import { PreconditionError } from 'longshore/sdk';
import {
  type EngineWrite,
  type Observed,
  type ObservedPod,
  type ObservedUnit,
  type ReleaseEngine,
  type ReleaseTarget,
  type TargetUnit,
  versionLabel,
} from '../engine.ts';
import { observePods, podsOfVersion } from '../observe-pods.ts';
import { hasScaler, isSettled, observeWorkloads, seenWorkload, unitOfWorkload } from '../observe-workloads.ts';
import { marksOf, templateOfUnit, unitSelector } from '../workload-marks.ts';
import { decideShrink } from './decide-sizes.ts';

/** All Deployments of one unit: each version has its own. */
interface Detail {
  readonly current: DeploymentObject | undefined;
  readonly old: readonly DeploymentObject[];
  /** Of these, the first that a HorizontalPodAutoscaler scales. */
  readonly scaled: string | undefined;
}

const none: Detail = { current: undefined, old: [], scaled: undefined };

/**
 * Drives native Deployments where there is no OpenKruise: one for each version, of which the new one grows and the old one shrinks. No pod is
 * changed in place. A HorizontalPodAutoscaler names the Deployment of one version, and two would fight over one number of pods: a service with one is refused.
 */
export const deploymentPairEngine: ReleaseEngine = {
  name: 'DEPLOYMENT_PAIR',
  kinds: [deploymentKind],
  isThere: () => true,
  async observe(target, reader) {
    const [pods, deployments] = await Promise.all([
      observePods(target, reader),
      observeWorkloads(target, deploymentKind, reader),
    ]);
    const scaled = new Set<string>();
    for (const deployment of deployments) {
      const isMoving = replicasOf(deployment) > 0;
      if (isMoving && (await hasScaler(reader, deploymentKind, deployment))) scaled.add(deployment.metadata.name);
    }
    const known = new Set(target.units.map(({ unit }) => unit));
    const gone = [...new Set(deployments.map(unitOfWorkload))].filter((unit) => !known.has(unit)).sort();
    const detailOfUnit = (unit: string): Detail => {
      const own = deployments.filter((deployment) => unitOfWorkload(deployment) === unit);
      const isCurrent = ({ metadata }: DeploymentObject) => metadata.labels?.[versionLabel] === target.versionId;
      const current = known.has(unit) ? own.find(isCurrent) : undefined;
      const old = own.filter((deployment) => deployment !== current);
      return { current, old, scaled: own.find(({ metadata }) => scaled.has(metadata.name))?.metadata.name };
    };
    return [
      ...target.units.map((unit) => {
        const detail = detailOfUnit(unit.unit);
        return observeUnit(unit, detail, watched(target, pods.get(unit.unit) ?? []), nameFor(target, unit, detail.old));
      }),
      ...gone.map((unit) => observeUnit({ unit, replicas: 0 }, detailOfUnit(unit), [])),
    ];
  },
  next(target, wanted, observed) {
    for (const unit of target.units) {
      const seen = seenOf(observed, unit);
      requireNoScaler(seen);
      const write = grow(target, unit, seen, wanted.get(unit.unit) ?? 0) ?? shrink(target, unit, seen);
      if (write) return write;
    }
    return undefined;
  },
  finish(target, observed) {
    for (const unit of target.units) {
      const seen = seenOf(observed, unit);
      const { current, old } = detailOf(seen);
      const grown = grow(target, unit, seen, unit.replicas);
      if (grown) return grown;
      const isOurs = target.scheduled !== 'LATER';
      if (isOurs && current && replicasOf(current) !== unit.replicas) return patchReplicas(current, unit.replicas);
      const removal = removalOf(old);
      if (removal) return removal;
    }
    return removalOf(observed.slice(target.units.length).flatMap((seen) => all(seen)));
  },
  remove: (_target, observed) => removalOf(observed.flatMap((seen) => all(seen))),
};

/** Of a blue-green release nobody waits for the pods that stay. */
const watched = ({ previousStays, versionId }: ReleaseTarget, pods: readonly ObservedPod[]): readonly ObservedPod[] =>
  previousStays ? pods.filter((pod) => pod.versionId === versionId) : pods;

function observeUnit(
  { unit, replicas }: Pick<TargetUnit, 'unit' | 'replicas'>,
  detail: Detail,
  pods: readonly ObservedPod[],
  /** What the Deployment of the target's version is called, or would be; undefined for a unit that the target has not. */
  name?: string,
): ObservedUnit {
  const { current, old, scaled } = detail;
  const all = [...(current ? [current] : []), ...old];
  return {
    unit,
    exists: current !== undefined || old.length > 0,
    isSettled: (current === undefined || isSettled(current)) && old.every(isSettled),
    replicas,
    isScaled: scaled !== undefined,
    allowed: current ? replicasOf(current) : 0,
    isPrepared: current !== undefined,
    pods: replicas > 0 ? pods : [],
    workloads: [
      ...all.map((each) => seenWorkload(deploymentKind, each.metadata.name, each)),
      ...(current || name === undefined ? [] : [seenWorkload(deploymentKind, name, undefined)]),
    ],
    detail,
  };
}

function requireNoScaler(seen: ObservedUnit | undefined): void {
  const { scaled } = detailOf(seen);
  if (scaled === undefined) return;
  throw new PreconditionError(
    'SCALER_CANNOT_FOLLOW',
    `A HorizontalPodAutoscaler scales Deployment '${scaled}', which has the pods of one version alone: without OpenKruise a service that is scaled by metrics cannot be released. Install OpenKruise, or delete the HorizontalPodAutoscaler.`,
  );
}

function grow(
  target: ReleaseTarget,
  unit: TargetUnit,
  seen: ObservedUnit | undefined,
  wanted: number,
): EngineWrite | undefined {
  const { current, old } = detailOf(seen);
  if (current) return replicasOf(current) < wanted ? patchReplicas(current, wanted) : undefined;
  // Nothing is made of a version before it is its turn, unless there is nothing at all.
  return wanted > 0 || old.length === 0 ? creation(target, unit, wanted, old) : undefined;
}

function shrink(target: ReleaseTarget, unit: TargetUnit, seen: ObservedUnit | undefined): EngineWrite | undefined {
  const { current, old } = detailOf(seen);
  if (!seen || !current || target.previousStays) return undefined;
  const ready = podsOfVersion(seen.pods, target.versionId).filter(({ isReady }) => isReady).length;
  const smaller = decideShrink({
    replicas: unit.replicas,
    grown: replicasOf(current),
    ready,
    maxUnavailable: target.maxUnavailable,
    old: old.map((deployment) => ({
      name: deployment.metadata.name,
      replicas: replicasOf(deployment),
      ready: readyOf(seen.pods, deployment),
    })),
  });
  const deployment = old.find(({ metadata }) => metadata.name === smaller?.name);
  return smaller && deployment && patchReplicas(deployment, smaller.replicas);
}

function readyOf(pods: readonly ObservedPod[], { metadata }: DeploymentObject): number {
  const versionId = metadata.labels?.[versionLabel];
  return pods.filter((pod) => pod.isReady && pod.versionId === versionId).length;
}

/** `web-1f0c2ab4`, with more of the version's id where another version begins with the same. */
function nameFor({ versionId }: ReleaseTarget, { workload }: TargetUnit, old: readonly DeploymentObject[]): string {
  const short = `${workload}-${versionId.slice(0, 8)}`;
  return old.some(({ metadata }) => metadata.name === short) ? `${workload}-${versionId.slice(-10)}` : short;
}

function creation(
  target: ReleaseTarget,
  unit: TargetUnit,
  replicas: number,
  old: readonly DeploymentObject[],
): EngineWrite {
  const name = nameFor(target, unit, old);
  const body = {
    metadata: { name, namespace: target.namespace, ...marksOf(target, unit) },
    spec: {
      replicas,
      revisionHistoryLimit: 1,
      selector: { matchLabels: { ...unitSelector(target, unit), [versionLabel]: target.versionId } },
      template: templateOfUnit(target, unit),
    },
  };
  return { verb: 'create', kind: deploymentKind, name, body };
}

function patchReplicas({ metadata }: DeploymentObject, replicas: number): EngineWrite {
  const { name, uid, resourceVersion } = metadata;
  return { verb: 'patch', kind: deploymentKind, name, body: { spec: { replicas } }, uid, resourceVersion };
}

function removalOf(deployments: readonly DeploymentObject[]): EngineWrite | undefined {
  const next = deployments.find(({ metadata }) => metadata.deletionTimestamp === undefined);
  if (!next) return undefined;
  const { name, uid } = next.metadata;
  return { verb: 'delete', kind: deploymentKind, name, uid };
}

const replicasOf = ({ spec }: DeploymentObject): number => spec?.replicas ?? 1;
const detailOf = (seen: ObservedUnit | undefined): Detail => (seen?.detail as Detail | undefined) ?? none;
const seenOf = (observed: Observed, { unit }: TargetUnit) => observed.find((seen) => seen.unit === unit);
const all = (seen: ObservedUnit): readonly DeploymentObject[] => {
  const { current, old } = detailOf(seen);
  return [...(current ? [current] : []), ...old];
};
