import { eventKind, type KubernetesEventObject } from 'longshore/plugins/core';
import {
  type LongshoreBuilder,
  type MaybePromise,
  mapMaybe,
  named,
  origin,
  type RequestContext,
  registerEnum,
  typeRef,
} from 'longshore/sdk';
import type { PodObject } from '../api.ts';
import type { PodWarning } from '../services/diagnosis/diagnose-pod.ts';
import { type PodFinding, podFindingCodes } from '../services/diagnosis/pod-finding.ts';

export const podFindingRef = typeRef<PodFinding>('PodFinding');

export function registerPodFinding(builder: LongshoreBuilder): void {
  registerEnum(builder, 'PodFindingCode', 'Why a pod is not running and ready, with what helps.', podFindingCodes);
  builder.objectType(podFindingRef, {
    description: 'One reason why a pod is not running and ready.',
    fields: (t) => ({
      code: t.field({
        type: named('PodFindingCode'),
        description: 'The reason.',
        resolve: (finding) => finding.code as never,
      }),
      hint: t.string({ description: 'What it means, in a sentence.', resolve: ({ code }) => podFindingCodes[code] }),
      container: t.string({
        nullable: true,
        description: 'Which container it is about; null where it is about the pod.',
        resolve: (finding) => finding.container ?? null,
      }),
      message: t.exposeString('message', { description: 'What the cluster says, in its words; may be empty.' }),
    }),
  });
}

/** What the cluster reported about a pod within its memory of events, newest first. */
export function warningsAbout(pod: PodObject, context: RequestContext): MaybePromise<readonly PodWarning[]> {
  const events = context.kube(pod[origin].cluster).byIndex(eventKind, 'involvedObject', pod.metadata.uid);
  return mapMaybe(events, (found) => [...found].sort((a, b) => lastSeenAt(b) - lastSeenAt(a)));
}

/** Old events carry a last time, new ones a series or one time. */
function lastSeenAt({ series, lastTimestamp, eventTime, metadata }: KubernetesEventObject): number {
  return Date.parse(String(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp));
}
