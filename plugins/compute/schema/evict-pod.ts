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

/** Moving a pod away as the cluster itself would when a node is emptied (policy/v1 Eviction). */
export function registerEvictPod(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'evictPod',
    description:
      'Ends a pod gently, as when its node is emptied: its controller makes another one, maybe elsewhere. Refused with `DISRUPTION_BUDGET` while a PodDisruptionBudget lets no pod of its go.',
    allow: { action: 'EVICT', subject: subjectOf(podKind) },
    mustConfirm: 'BY_PROFILE',
    batch: {
      name: 'evictPods',
      description: 'Ends several pods gently, each as far as PodDisruptionBudgets let it go by then.',
    },
    input: (t) => ({
      id: t.id({ required: true, description: "The pod's id." }),
      gracePeriodSeconds: t.int({
        description: "Seconds that its processes have to end, 1 or more; the pod's own where it is not given.",
      }),
    }),
    success: podGone('The pod is being ended.'),
    validate: ({ gracePeriodSeconds: seconds }) =>
      seconds === null || seconds === undefined || seconds >= 1
        ? []
        : [
            {
              path: ['gracePeriodSeconds'],
              code: 'too_small',
              message: `gracePeriodSeconds must be 1 or more, got ${seconds}: an eviction is never forced`,
            },
          ],
    load: ({ id }, context) => loadOfKind(String(id), podKind, context),
    warn: {
      codes: ['IN_USE'],
      find: (_input, pod: PodObject, context) => checkDeletion(pod as never, undefined, context),
    },
    run: async ({ gracePeriodSeconds }, pod, ticket, context) => {
      const { cluster } = pod[origin];
      const { namespace, name, uid } = pod.metadata;
      const eviction = {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { namespace, name },
        deleteOptions: {
          preconditions: { uid },
          ...(gracePeriodSeconds === null || gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
        },
      };
      const writer = context.cluster(cluster).writer(context.principal);
      const { warnings } = await writer.create(ticket, podKind, eviction, { subresource: 'eviction' });
      const now = ticket.isDryRun ? pod : await context.kube(cluster).get(podKind, namespace, name);
      const left = now?.metadata.uid === uid ? now : undefined;
      const value: Deleted<PodObject> = { id: idOfObject(pod), object: left };
      return {
        value,
        resultId: idOfOperation(ticket),
        // What a pod was that is gone by now, its controller knows.
        recorded: left ? [{ before: pod, after: left }] : [],
        warnings: [...tellWhatFollows(pod), ...warnings],
      };
    },
    replay: replayDeletion<PodObject>,
  });
}
