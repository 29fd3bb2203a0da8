import type { CoreV1Event } from '@kubernetes/client-node';
import { type MaybePromise, mapMaybe } from 'longshore/sdk';
import type { PodObject } from '../../api.ts';
import { containersOf, initContainersOf } from '../containers.ts';
import { diagnoseContainer } from './diagnose-container.ts';
import { diagnoseScheduling } from './diagnose-scheduling.ts';
import type { PodFinding, PodFindingCode } from './pod-finding.ts';

/** What the cluster reported about a pod. */
export type PodWarning = Pick<CoreV1Event, 'type' | 'reason' | 'message'>;

/**
 * Why a pod is not what it should be, in an order of causes: where it cannot lie, what ended it, what its containers lack.
 * Empty for a pod that runs and is ready, and for one that has done its work (CMP-108). Its warnings, newest first, are asked for only
 * where the pod itself does not say what it waits for.
 */
export function diagnosePod(
  pod: PodObject,
  warnings: () => MaybePromise<readonly PodWarning[]>,
): MaybePromise<readonly PodFinding[]> {
  const { status, metadata } = pod;
  if (status?.phase === 'Succeeded') return held(pod);
  const scheduling = metadata.deletionTimestamp === undefined ? diagnoseScheduling(pod) : [];
  const containers = [...initContainersOf(pod), ...containersOf(pod)].flatMap((view) => diagnoseContainer(view) ?? []);
  const findings = [...scheduling, ...diagnoseWhole(pod), ...containers, ...held(pod)];
  if (findings.length > 0 || status?.phase !== 'Pending') return findings;
  return mapMaybe(warnings(), diagnoseWaiting);
}

const waitingReasons: Readonly<Record<string, PodFindingCode>> = {
  FailedMount: 'VOLUME_NOT_MOUNTED',
  FailedAttachVolume: 'VOLUME_NOT_MOUNTED',
  FailedMapVolume: 'VOLUME_NOT_MOUNTED',
  AcquireAddressFailed: 'NO_ADDRESS',
  FailedCreatePodSandBox: 'SANDBOX_FAILED',
  NetworkNotReady: 'SANDBOX_FAILED',
};

/** Of a pod on its node whose containers only wait: what the kubelet could not do for it, told by events alone. */
function diagnoseWaiting(warnings: readonly PodWarning[]): readonly PodFinding[] {
  const causes = warnings.filter(
    ({ type, reason = '' }) => type === 'Warning' && Object.hasOwn(waitingReasons, reason),
  );
  // The kubelet says time and again that there is no sandbox, and the network only once that there is no address for it.
  const found = causes.find(({ reason }) => reason === 'AcquireAddressFailed') ?? causes[0];
  const code = waitingReasons[found?.reason ?? ''];
  return found && code ? [{ code, container: undefined, message: found.message ?? '' }] : [];
}

const wholeReasons: Readonly<Record<string, PodFindingCode>> = {
  Evicted: 'EVICTED',
  NodeLost: 'NODE_LOST',
  DeadlineExceeded: 'DEADLINE_EXCEEDED',
};

function diagnoseWhole({ status }: PodObject): readonly PodFinding[] {
  const reason = status?.reason ?? '';
  const code = Object.hasOwn(wholeReasons, reason) ? wholeReasons[reason] : undefined;
  if (code) return [{ code, container: undefined, message: status?.message ?? reason }];
  // The node controller says so of every pod of a node that is silent.
  const isLost = status?.conditions?.some(({ type, reason }) => type === 'Ready' && reason === 'NodeStatusUnknown');
  const isUnknown = status?.phase === 'Unknown' || isLost;
  return isUnknown
    ? [{ code: 'NODE_LOST', container: undefined, message: status?.message ?? 'NodeStatusUnknown' }]
    : [];
}

function held({ metadata }: PodObject): readonly PodFinding[] {
  const { deletionTimestamp, finalizers = [] } = metadata;
  if (deletionTimestamp === undefined || finalizers.length === 0) return [];
  return [{ code: 'HELD_BY_FINALIZERS', container: undefined, message: finalizers.join(', ') }];
}
