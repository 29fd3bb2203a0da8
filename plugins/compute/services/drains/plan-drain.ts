import {
  nameUsers,
  origin,
  type RaisedWarning,
  type RequestContext,
  readEveryUser,
  systemPrincipal,
  type ValidationIssue,
} from 'longshore/sdk';
import { type NodeObject, nodeKind, type PodObject } from '../../api.ts';
import { podsOnNode } from '../find-pods.ts';
import { classifyPod } from './classify-pod.ts';
import { podsWithoutRoom } from './room-elsewhere.ts';

const longest = { gracePeriodSeconds: 86_400, timeoutSeconds: 86_400 };
export const defaultTimeoutSeconds = 1_800;

interface DrainTimes {
  readonly gracePeriodSeconds?: number | null | undefined;
  readonly timeoutSeconds?: number | null | undefined;
}

export function checkDrainTimes(input: DrainTimes): readonly ValidationIssue[] {
  return (['gracePeriodSeconds', 'timeoutSeconds'] as const).flatMap((field) => {
    const seconds = input[field];
    if (seconds === null || seconds === undefined || (seconds >= 1 && seconds <= longest[field])) return [];
    const code = seconds < 1 ? 'too_small' : 'too_large';
    return [{ path: [field], code, message: `${field} must be 1 to ${longest[field]}, got ${seconds}` }];
  });
}

/** What draining the node would lose or leave without a place, counted over all its pods; hidden ones have no name (CMP-26). */
export async function warnOfDrain(node: NodeObject, context: RequestContext): Promise<readonly RaisedWarning[]> {
  const pods = await readPods(node, context);
  const going = pods.flatMap((pod) => {
    const drained = classifyPod(pod);
    return drained.do === 'go' && pod.metadata.deletionTimestamp === undefined ? [{ pod, needs: drained.needs }] : [];
  });
  const withNeed = (code: 'LOCAL_DATA_LOST' | 'PODS_NOT_REMADE') =>
    going.filter(({ needs }) => needs.includes(code)).map(({ pod }) => pod);
  // What has ended, or nobody makes anew, needs no room.
  const moving = going
    .filter(
      ({ pod, needs }) =>
        !needs.includes('PODS_NOT_REMADE') && pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed',
    )
    .map(({ pod }) => pod);
  return [
    warning('LOCAL_DATA_LOST', 'lose what is in their emptyDir volumes', withNeed('LOCAL_DATA_LOST'), context),
    warning('PODS_NOT_REMADE', 'have no controller and are not made anew', withNeed('PODS_NOT_REMADE'), context),
    warning('NO_ROOM_ELSEWHERE', 'find no room on the other nodes', await withoutRoom(moving, node, context), context),
  ].flat();
}

/** In words: pods that are left where they are. */
export async function tellWhatStays(node: NodeObject, context: RequestContext): Promise<readonly string[]> {
  const staying = (await readPods(node, context)).filter((pod) => classifyPod(pod).do === 'stay');
  return staying.length === 0
    ? []
    : [`${staying.length} pods of DaemonSets, or run by the kubelet itself, stay on the node.`];
}

const readPods = (node: NodeObject, context: RequestContext): Promise<readonly PodObject[]> =>
  readEveryUser(node, context, (reader) => podsOnNode(reader, node));

async function withoutRoom(
  moving: readonly PodObject[],
  node: NodeObject,
  context: RequestContext,
): Promise<readonly PodObject[]> {
  if (moving.length === 0) return [];
  const reader = context.cluster(node[origin].cluster).reader(systemPrincipal, context.signal);
  const { items } = await reader.list(nodeKind);
  const others = items.filter(({ metadata }) => metadata.name !== node.metadata.name);
  const occupied = others.map(async (other) => ({ node: other, pods: await podsOnNode(reader, other) }));
  return podsWithoutRoom(moving, await Promise.all(occupied));
}

function warning(
  code: string,
  what: string,
  pods: readonly PodObject[],
  context: RequestContext,
): readonly RaisedWarning[] {
  if (pods.length === 0) return [];
  const { words } = nameUsers(pods, context, ({ metadata }) => `${metadata.namespace}/${metadata.name}`);
  return [{ code, message: `${pods.length} pods ${what}: ${words}.`, path: ['id'] }];
}
