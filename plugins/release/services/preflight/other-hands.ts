import type { V2HorizontalPodAutoscaler } from '@kubernetes/client-node';
import type { WorkloadObject } from 'longshore/plugins/compute';
import {
  apiVersionOf,
  type ClusterWriter,
  ConflictError,
  dryRunTicket,
  type FieldOwner,
  idOfObject,
  type KindRef,
  type KubeObject,
  origin,
} from 'longshore/sdk';
import type { EngineName } from '../../api.ts';
import type { ReleaseTarget } from '../../engines/engine.ts';
import { isOf } from '../../engines/workload-marks.ts';
import { type RolloutObject, rollsOut, weighsRoute } from '../traffic/rollouts.ts';
import { error, type PreflightFinding, warning } from './finding.ts';

/** Workloads of the namespace that are of the service, or have a name that its workloads need. */
export interface FoundWorkloads {
  readonly own: readonly WorkloadObject[];
  readonly strangers: readonly WorkloadObject[];
}

/** Tells the workloads of a service from those that merely have one of its names. Pure. */
export function sortWorkloads(all: readonly WorkloadObject[], target: ReleaseTarget): FoundWorkloads {
  const names = new Set(target.units.map(({ workload }) => workload));
  const isOwn = (workload: WorkloadObject): boolean => isOf(target, workload as KubeObject);
  const isMade = ({ metadata }: WorkloadObject): boolean =>
    metadata.ownerReferences?.some(({ controller }) => controller) ?? false;
  return {
    own: all.filter((workload) => isOwn(workload) && !isMade(workload)),
    strangers: all.filter((workload) => !isOwn(workload) && names.has(workload.metadata.name)),
  };
}

const titleOf = ({ kind, metadata }: KubeObject): string => `${kind} '${metadata.name}'`;

/** Names that are taken; what is there is never taken over. Pure. */
export function checkNames(strangers: readonly WorkloadObject[]): readonly PreflightFinding[] {
  return strangers.map((workload) => {
    const object = workload as KubeObject;
    const message = `${titleOf(object)} is there already, and not of this app service: delete it, or give the app service another name`;
    return error('NAME_TAKEN', message, { subjectId: idOfObject(object) });
  });
}

/** The kinds of workload that engines drive. */
const drivenKinds: Readonly<Record<EngineName, string>> = {
  CLONE_SET: 'CloneSet',
  ADVANCED_STATEFUL_SET: 'StatefulSet',
  STATEFUL_SET: 'StatefulSet',
  DEPLOYMENT_PAIR: 'Deployment',
};

/**
 * Who else moves its pods or its traffic step by step (Kruise Rollout): two that do would wait for each other for ever. A name is told only to
 * who may see it. Pure.
 */
export function checkRollouts(
  rollouts: readonly RolloutObject[],
  own: readonly WorkloadObject[],
  target: Pick<ReleaseTarget, 'units' | 'traffic'>,
  engine: EngineName,
  mayRead: (object: KubeObject) => boolean,
): readonly PreflightFinding[] {
  const kind = drivenKinds[engine];
  const moved = [
    ...own.map((workload) => ({ kind: workload[origin].kind, name: workload.metadata.name })),
    ...target.units.map(({ workload }) => ({ kind, name: workload })),
  ];
  return rollouts.flatMap((rollout) => {
    const workload = moved.find((each) => rollsOut(rollout, each));
    const route = target.traffic?.route;
    const isSeen = mayRead(rollout);
    const who = isSeen ? `Rollout '${rollout.metadata.name}' of OpenKruise` : 'A Rollout of OpenKruise';
    const about = isSeen ? { subjectId: idOfObject(rollout) } : {};
    const say = (what: string) => error('ROLLED_OUT_ELSEWHERE', `${who} ${what}: disable or delete it`, about);
    return [
      ...(workload ? [say(`stops ${workload.kind} '${workload.name}' whenever that changes`)] : []),
      ...(route !== undefined && weighsRoute(rollout, route)
        ? [say(`sets the weights of HTTPRoute '${route}', by which the release shifts its traffic`)]
        : []),
    ];
  });
}

/**
 * Who else says how many pods there are (`autoscaling/v2`): a pair of Deployments, of which a scaler knows one, cannot be released then. A name is
 * told only to who may see it. Pure.
 */
export function checkAutoscalers(
  own: readonly WorkloadObject[],
  autoscalers: readonly KubeObject<V2HorizontalPodAutoscaler>[],
  engine: EngineName,
  mayRead: (object: KubeObject) => boolean,
): readonly PreflightFinding[] {
  return autoscalers.flatMap((autoscaler) => {
    const { kind, name, apiVersion = '' } = autoscaler.spec?.scaleTargetRef ?? { kind: '', name: '' };
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    const scaled = own.find(
      ({ metadata, [origin]: of }) => metadata.name === name && of.kind === kind && of.group === group,
    );
    if (!scaled) return [];
    const isSeen = mayRead(autoscaler as KubeObject);
    const who = isSeen ? `HorizontalPodAutoscaler '${autoscaler.metadata.name}'` : 'A HorizontalPodAutoscaler';
    const about = isSeen ? { subjectId: idOfObject(autoscaler as KubeObject) } : {};
    const says = `${who} says how many pods ${titleOf(scaled as KubeObject)} has`;
    return engine === 'DEPLOYMENT_PAIR'
      ? [error('SCALER_CANNOT_FOLLOW', `${says}, and cannot follow it to the Deployment of another version`, about)]
      : [warning('SCALED_ELSEWHERE', `${says}: the release leaves that to it`, about)];
  });
}

/** Field managers by what they are called in the field. */
const tools: readonly (readonly [RegExp, string])[] = [
  [/argo-?cd/i, 'Argo CD'],
  [/helm/i, 'Helm'],
  [/kustomize-controller|flux/i, 'Flux'],
  [/kubectl/i, 'kubectl'],
];

/**
 * Who else writes the pods of a workload: the cluster is asked by the dry run of a server-side apply, which names the managers of the fields. One
 * request for each workload of the service. What else it refuses is judged elsewhere.
 */
export async function checkManagers(
  workload: WorkloadObject,
  target: ReleaseTarget,
  writer: ClusterWriter,
): Promise<readonly PreflightFinding[]> {
  const { cluster: _cluster, ...kind } = workload[origin];
  const { name, namespace } = workload.metadata;
  const applied = {
    apiVersion: apiVersionOf(kind as KindRef),
    kind: kind.kind,
    metadata: { name, namespace },
    spec: { template: target.template },
  };
  try {
    await writer.apply(dryRunTicket, kind as KindRef, applied);
    return [];
  } catch (failure) {
    return failure instanceof ConflictError ? warnOfManagers(workload, failure.managers) : [];
  }
}

function warnOfManagers(workload: WorkloadObject, owners: readonly FieldOwner[]): readonly PreflightFinding[] {
  const managers = [...new Set(owners.map(({ manager }) => manager))].filter((manager) => manager !== 'longshore');
  return managers.map((manager) => {
    const tool = tools.find(([pattern]) => pattern.test(manager))?.[1] ?? `'${manager}'`;
    const fields = owners.filter((owner) => owner.manager === manager).length;
    const what = fields === 1 ? 'a field' : `${fields} fields`;
    const object = workload as KubeObject;
    const message = `${tool} has written ${what} of the pods of ${titleOf(object)}, and may write them back`;
    return warning('OWNED_ELSEWHERE', message, { subjectId: idOfObject(object) });
  });
}
