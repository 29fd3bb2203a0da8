import {
  checkDeletion,
  type Deleted,
  idOfObject,
  idOfOperation,
  type LongshoreBuilder,
  loadOfKind,
  origin,
  registerMutation,
  replayDeletion,
  subjectOf,
} from 'longshore/sdk';
import { type PodObject, podKind } from '../api.ts';
import { tellWhatFollows } from '../services/what-follows.ts';
import { podGone } from './pod-gone.ts';

/** Deleting a pod (CMP-87), also one whose node is not heard any more. */
export function registerDeletePod(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deletePod',
    description:
      'Deletes a pod; its controller makes another one, so that their number is restored. With `force` the cluster forgets it at once, without waiting for its node: for pods that cannot end because that is down, and to be acknowledged by `[FORCED]`.',
    allow: { action: 'DELETE', subject: subjectOf(podKind) },
    mustConfirm: 'BY_PROFILE',
    batch: { name: 'deletePods', description: 'Deletes several pods, in whatever clusters.' },
    input: (t) => ({
      id: t.id({ required: true, description: "The pod's id." }),
      force: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Do not wait for its node to say that its processes have ended.',
      }),
      gracePeriodSeconds: t.int({
        description:
          "Seconds that its processes have to end, 1 or more; the pod's own where it is not given. Not with `force`.",
      }),
    }),
    success: podGone('The pod is deleted, or will be when its processes have ended.'),
    validate: ({ force, gracePeriodSeconds: seconds }) => {
      if (seconds === null || seconds === undefined) return [];
      const path = ['gracePeriodSeconds'];
      if (force)
        return [
          { path, code: 'with_force', message: 'With force nothing is waited for: leave gracePeriodSeconds out' },
        ];
      if (seconds >= 1) return [];
      const message = `gracePeriodSeconds must be 1 or more, got ${seconds}; to wait for nothing, use force`;
      return [{ path, code: 'too_small', message }];
    },
    load: ({ id }, context) => loadOfKind(String(id), podKind, context),
    warn: {
      codes: ['FORCED', 'IN_USE'],
      find: async ({ force }, pod: PodObject, context) => [
        ...(force ? [{ code: 'FORCED', message: whatForceMeans(pod), path: ['force'] }] : []),
        ...(await checkDeletion(pod as never, undefined, context)),
      ],
    },
    run: async ({ force, gracePeriodSeconds }, pod, ticket, context) => {
      const { cluster } = pod[origin];
      const { namespace, name, uid } = pod.metadata;
      const grace = force ? 0 : gracePeriodSeconds;
      const writer = context.cluster(cluster).writer(context.principal);
      await writer.delete(ticket, podKind, namespace, name, {
        uid,
        ...(grace === null || grace === undefined ? {} : { gracePeriodSeconds: grace }),
      });
      const now = ticket.isDryRun ? pod : await context.kube(cluster).get(podKind, namespace, name);
      const left = now?.metadata.uid === uid ? now : undefined;
      const value: Deleted<PodObject> = { id: idOfObject(pod), object: left };
      return {
        value,
        resultId: idOfOperation(ticket),
        // What a pod was that is gone by now, its controller knows.
        recorded: left ? [{ before: pod, after: left }] : [],
        warnings: tellWhatFollows(pod),
      };
    },
    replay: replayDeletion<PodObject>,
  });
}

function whatForceMeans({ metadata: { name, ownerReferences } }: PodObject): string {
  const twice = ownerReferences?.some(({ kind }) => kind === 'StatefulSet')
    ? ' Its StatefulSet may then have two pods of the same name at work on the same data.'
    : '';
  return `The cluster forgets pod '${name}' at once; where its node does not answer, its processes may go on.${twice}`;
}
