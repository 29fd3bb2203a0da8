import {
  anyWorkloadKinds,
  horizontalPodAutoscalerKind,
  millis,
  type NodeObject,
  needsOf,
  nodeKind,
  type PodObject,
  type PodTemplates,
  podKind,
  type QuotaDemand,
  quotaShortages,
  type ScopedSpec,
  sumNeeds,
  units,
  type WorkloadObject,
} from 'longshore/plugins/compute';
import { resourceQuotaKind } from 'longshore/plugins/core';
import {
  type Cluster,
  type ClusterReader,
  type ClusterWriter,
  idOfObject,
  type KindRef,
  type KubeObject,
  type ObjectList,
} from 'longshore/sdk';
import type { EngineName, ImageCheck } from '../../api.ts';
import { type ReleaseTarget, serviceLabel, type TargetUnit, unitLabel } from '../../engines/engine.ts';
import type { DeploymentSpec } from '../app-services/version-spec.ts';
import { planGroups } from '../grouping/plan-groups.ts';
import { type RolloutObject, rolloutKind } from '../traffic/rollouts.ts';
import { checkChange } from './changes.ts';
import { error, type PreflightFinding, warning } from './finding.ts';
import { checkImage } from './images.ts';
import { checkAutoscalers, checkManagers, checkNames, checkRollouts, sortWorkloads } from './other-hands.ts';
import { checkRoom, type FreeNode } from './room.ts';
import { spreadOver } from './spread.ts';
import { tryPod } from './try-pod.ts';
import { type NeededClaim, readClaims, storageClassKind, withinReach } from './volumes.ts';
import { type PlacedSpec, takesPods } from './which-nodes.ts';

export interface PreflightContext {
  readonly cluster: Pick<Cluster, 'serves'>;
  /** Sees everything: room and quotas are the cluster's, whoever asks. Whom names are told to is asked of `mayRead`. */
  readonly reader: ClusterReader;
  /** Writes as who releases; nothing but dry runs is sent. */
  readonly writer: ClusterWriter;
  readonly mayRead: (object: KubeObject) => boolean;
  readonly podTemplates: PodTemplates;
  /** Undefined where no plugin can ask registries: then nothing is said of what they have. */
  readonly images: ImageCheck | undefined;
  readonly deployment: Pick<DeploymentSpec, 'grouping' | 'minGroups' | 'betaGroup'>;
  /** Who moves the pods: a pair runs old and new ones side by side. */
  readonly engine: EngineName;
  /** Why pods are made anew though the version asks for IN_PLACE; empty where they are not. */
  readonly replacedBecause: readonly string[];
}

/**
 * Everything that speaks against a release, before it is made (REL-18): errors block it, warnings are to be acknowledged. What is cached is read from
 * memory; the cluster is asked once for a pod and once for each workload that is there, never for each pod or node.
 */
export async function preflight(
  target: ReleaseTarget,
  previous: ReleaseTarget | null,
  context: PreflightContext,
): Promise<readonly PreflightFinding[]> {
  const { reader, writer, mayRead } = context;
  const { namespace } = target;
  const incomplete: PreflightFinding[] = [];
  const whole = async <T>(what: string, list: ReturnType<typeof reader.list<T>>): Promise<ObjectList<T>['items']> => {
    const { items, problems } = await list;
    // What a cluster does not serve nobody has there.
    const problem = problems.find(({ code }) => code !== 'CAPABILITY_MISSING');
    if (problem) incomplete.push(warning('NOT_CHECKED', `${what} could not all be read: ${problem.message}`));
    return items;
  };
  const kinds = anyWorkloadKinds.filter((kind) => context.cluster.serves(kind));
  const [nodes, pods, quotas, autoscalers, rollouts, ...workloads] = await Promise.all([
    whole('Nodes', reader.list(nodeKind)),
    whole('Pods', reader.list(podKind)),
    whole('Quotas', reader.list(resourceQuotaKind, { namespaces: [namespace] })),
    whole('Autoscalers', reader.list(horizontalPodAutoscalerKind, { namespaces: [namespace] })),
    context.cluster.serves(rolloutKind)
      ? whole('Rollouts', reader.list(rolloutKind, { namespaces: [namespace] }))
      : Promise.resolve([]),
    ...kinds.map((kind) =>
      whole(`Objects of the kind ${kind.kind}`, reader.list(kind as KindRef, { namespaces: [namespace] })),
    ),
  ]);
  const { own, strangers } = sortWorkloads(workloads.flat() as unknown as readonly WorkloadObject[], target);
  const living = pods.filter(isLiving);
  const ownPods = living.filter(
    ({ metadata }) => metadata.namespace === namespace && metadata.labels?.[serviceLabel] === target.service,
  );
  const [references, classes, images, tried, managed, claims] = await Promise.all([
    context.podTemplates.missingReferences(reader, namespace, target.template),
    missingClasses(target, reader),
    checkImages(target, context),
    tryPod(target, writer),
    Promise.all(own.map((workload) => checkManagers(workload, target, writer))),
    readClaims(target, reader),
  ]);
  const demand = demandOf(target, context, own, ownPods, tried.pod ?? target.template);
  return inOrder([
    ...[...references, ...classes].map((message) => error('REFERENCE_MISSING', message)),
    ...images,
    ...checkNames(strangers),
    ...quotaShortages(quotas, demand).map(({ of, message }) =>
      error('QUOTA_EXCEEDED', message, { subjectId: idOfObject(of as KubeObject) }),
    ),
    ...target.units.flatMap((unit) => checkUnit(unit, target, context, { nodes, living, ownPods, claims })),
    // What is missing the cluster would say once more.
    ...tried.findings.filter(({ message }) => !references.some((reference) => message.includes(reference))),
    ...checkAutoscalers(own, autoscalers, context.engine, mayRead),
    ...checkRollouts(rollouts as readonly RolloutObject[], own, target, context.engine, mayRead),
    ...managed.flat(),
    ...checkChange({ target, previous, deployment: context.deployment, replacedBecause: context.replacedBecause }),
    ...incomplete,
  ]);
}

/** Errors first, each once. */
function inOrder(findings: readonly PreflightFinding[]): readonly PreflightFinding[] {
  const once = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  const of = (severity: PreflightFinding['severity']) =>
    [...once.values()].filter((each) => each.severity === severity);
  return [...of('ERROR'), ...of('WARNING')];
}

/** What holds room: it has not ended. */
function isLiving({ status }: PodObject): boolean {
  return status?.phase !== 'Succeeded' && status?.phase !== 'Failed';
}

/** New pods that a pair runs beside old ones, unit by unit: those of its largest group. */
function surgeOf(target: ReleaseTarget, { engine, deployment }: PreflightContext): ReadonlyMap<string, number> {
  if (engine !== 'DEPLOYMENT_PAIR') return new Map();
  const groups = planGroups(
    target.units.map(({ unit, replicas }) => ({ unit, count: replicas })),
    // Blue-green: all of both versions are there at once.
    target.previousStays ? { ...deployment, betaGroup: false, grouping: 'ALL_IN_ONE' } : deployment,
  );
  const surge = new Map<string, number>();
  for (const { unit, count } of groups.flatMap(({ pods }) => pods))
    surge.set(unit, Math.max(surge.get(unit) ?? 0, count));
  return surge;
}

const inUnit = (pods: readonly PodObject[], unit: string): readonly PodObject[] =>
  pods.filter(({ metadata }) => (metadata.labels?.[unitLabel] ?? '') === unit);

function demandOf(
  target: ReleaseTarget,
  context: PreflightContext,
  own: readonly WorkloadObject[],
  ownPods: readonly PodObject[],
  made: object,
): QuotaDemand {
  const { engine } = context;
  const counted = (pod: object) => ({
    spec: ((pod as { readonly spec?: ScopedSpec }).spec ?? {}) as ScopedSpec,
    needs: needsOf(pod),
  });
  const surge = surgeOf(target, context);
  const workloads = workloadsMade(target, own, engine, ownPods.length > 0);
  const replicas = target.units.reduce((total, unit) => total + unit.replicas, 0);
  const claimants = Math.max(0, replicas - ownPods.length);
  return {
    pod: counted(made),
    replicas,
    running: ownPods.map(counted),
    surge: target.units.reduce(
      (total, { unit }) => total + (inUnit(ownPods, unit).length > 0 ? (surge.get(unit) ?? 0) : 0),
      0,
    ),
    workloads: {
      'count/deployments.apps': engine === 'DEPLOYMENT_PAIR' ? workloads : 0,
      'count/statefulsets.apps': engine === 'STATEFUL_SET' ? workloads : 0,
    },
    claims: claimants * target.volumeClaimTemplates.length,
    claimedBytes: claimants * target.volumeClaimTemplates.reduce((total, claim) => total + sizeOf(claim), 0),
  };
}

/** Workloads that are not there yet; a pair has a second one in each unit while it goes from one version to another. */
function workloadsMade(
  target: ReleaseTarget,
  own: readonly WorkloadObject[],
  engine: EngineName,
  isRunning: boolean,
): number {
  const each = engine === 'DEPLOYMENT_PAIR' && isRunning ? 2 : 1;
  return target.units.reduce((total, { unit }) => {
    const there = own.filter(({ metadata }) => (metadata.labels?.[unitLabel] ?? '') === unit).length;
    return total + Math.max(0, each - there);
  }, 0);
}

interface Claim {
  readonly spec?: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: { readonly storage?: string } };
  };
}
const sizeOf = (claim: Claim): number => units(claim.spec?.resources?.requests?.storage);

interface SeenCluster {
  readonly nodes: readonly NodeObject[];
  readonly living: readonly PodObject[];
  readonly ownPods: readonly PodObject[];
  readonly claims: readonly NeededClaim[];
}

/** Whether the nodes of a unit take its pods, reach their volumes, and have room. */
function checkUnit(
  unit: TargetUnit,
  target: ReleaseTarget,
  context: PreflightContext,
  seen: SeenCluster,
): readonly PreflightFinding[] {
  const spec = (target.template.spec ?? {}) as PlacedSpec;
  const taking = seen.nodes.filter((node) => takesPods(node, spec, unit.nodeSelector));
  const { nodes: chosen, lost } = withinReach(unit.unit, taking, unit.replicas > 0 ? seen.claims : []);
  const [first, ...others] = lost;
  if (first !== undefined) {
    const more = others.length > 0 ? `, and those of ${others.length} more claims` : '';
    const message = `No node that takes these pods reaches the volume of claim '${first}'${more}`;
    return [error('VOLUME_OUT_OF_REACH', message, { unit: unit.unit })];
  }
  return checkRoom(roomOf(unit, target, context, chosen, seen));
}

function roomOf(
  { unit, replicas }: TargetUnit,
  target: ReleaseTarget,
  context: PreflightContext,
  chosen: readonly NodeObject[],
  { nodes, living, ownPods }: SeenCluster,
) {
  const byNode = new Map<string, PodObject[]>(chosen.map(({ metadata }) => [metadata.name, []]));
  for (const pod of living) byNode.get(pod.spec?.nodeName ?? '')?.push(pod);
  const own = new Set(inUnit(ownPods, unit));
  const pod = needsOf(target.template);
  const spread = spreadOver(target.template, target.namespace, nodes, living, own);
  return {
    unit,
    replicas,
    running: own.size,
    surge: own.size > 0 ? (surgeOf(target, context).get(unit) ?? 0) : 0,
    keepsPods: target.upgradeMode === 'IN_PLACE' && context.replacedBecause.length === 0,
    pod,
    nodes: chosen.map((node): FreeNode => {
      const on = byNode.get(node.metadata.name) ?? [];
      const held = sumNeeds(on.map((each) => needsOf(each)));
      const ours = on.filter((each) => own.has(each));
      const allocatable = node.status?.allocatable ?? {};
      const { cpu, memory, pods } = allocatable;
      const others = Object.keys(pod.others ?? {});
      return {
        name: node.metadata.name,
        freeMillicores: millis(cpu) - held.cpuRequestMillicores,
        freeBytes: units(memory) - held.memoryRequestBytes,
        freePods: units(pods) - on.length,
        freeOthers: Object.fromEntries(
          others.map((name) => [name, units(allocatable[name]) - (held.others?.[name] ?? 0)]),
        ),
        ...spread(node),
        own: { ...sumNeeds(ours.map(needsOf)), count: ours.length },
      };
    }),
  };
}

async function missingClasses(target: ReleaseTarget, reader: ClusterReader): Promise<readonly string[]> {
  const names = target.volumeClaimTemplates.flatMap((claim) => (claim as Claim).spec?.storageClassName || []);
  const found = await Promise.all([...new Set(names)].map((name) => reader.get(storageClassKind, undefined, name)));
  return [...new Set(names)]
    .filter((_name, index) => !found[index])
    .map((name) => `There is no StorageClass '${name}'`);
}

interface Images {
  readonly containers?: readonly { readonly name: string; readonly image?: string }[];
  readonly initContainers?: Images['containers'];
  readonly imagePullSecrets?: readonly { readonly name?: string }[];
}

async function checkImages(target: ReleaseTarget, { images, writer: _writer, ...context }: PreflightContext) {
  const { containers = [], initContainers = [], imagePullSecrets = [] } = (target.template.spec ?? {}) as Images;
  const all = [...initContainers, ...containers];
  const byForm = all.flatMap(({ name, image = '' }) => checkImage(name, image));
  if (!images || byForm.some(({ severity }) => severity === 'ERROR')) return byForm;
  const pullSecrets = imagePullSecrets.flatMap(({ name }) => name ?? []);
  const place = { cluster: context.reader.cluster, namespace: target.namespace, pullSecrets };
  const asked = [...new Set(all.flatMap(({ image }) => image ?? []))];
  const known = await Promise.all(asked.map((image) => images.check(image, place)));
  const missing = asked.filter((_image, index) => known[index] === 'MISSING');
  return [...byForm, ...missing.map((image) => error('IMAGE_MISSING', `The registry does not have image '${image}'`))];
}
