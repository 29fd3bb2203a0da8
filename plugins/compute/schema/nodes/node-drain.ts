import {
  type Instance,
  idOfOperation,
  type LongshoreBuilder,
  named,
  origin,
  registerEnum,
  subjectOf,
  typeRef,
} from 'longshore/sdk';
import { clusterNodeTypeRef, podKind } from '../../api.ts';
import { type DrainedPod, drainedPodStates } from '../../services/drains/decide-drain.ts';
import { type NodeDrain, nodeDrainsRef } from '../../services/drains/node-drains.ts';

const drainRef = typeRef<NodeDrain>('NodeDrain');
const podRef = typeRef<DrainedPod>('DrainedPod');
const all = {};

/** How far a node is with being emptied (CMP-26). */
export function registerNodeDrain(builder: LongshoreBuilder): void {
  registerEnum(builder, 'DrainedPodState', 'How far draining has come with a pod.', drainedPodStates);
  builder.objectType(podRef, {
    description: 'A pod of a node that is being drained.',
    fields: (t) => ({
      namespace: t.exposeString('namespace', { description: 'Its namespace.' }),
      name: t.exposeString('name', { description: 'Its name.' }),
      state: t.field({
        type: named('DrainedPodState'),
        description: 'How far it has come with it.',
        resolve: ({ state }) => state as never,
      }),
      message: t.string({
        nullable: true,
        description: 'Why it stays, waits or cannot go, such as the PodDisruptionBudget that keeps it.',
        resolve: ({ message }) => message,
      }),
    }),
  });
  builder.objectType(drainRef, {
    description: 'A node on its way to be empty, or removed.',
    fields: (t) => ({
      operationId: t.id({
        description: 'Global id of the operation record, with its steps.',
        resolve: ({ id }) => idOfOperation({ id, isDryRun: false, note: () => undefined }),
      }),
      isCancelled: t.boolean({
        description: 'Whether it is about to end.',
        resolve: ({ cancelledAt }) => cancelledAt !== null,
      }),
      startedAt: t.field({
        type: 'DateTime',
        description: 'When it began.',
        resolve: ({ createdAt }) => createdAt.toISOString(),
      }),
      leftCount: t.int({
        description: 'How many pods are still to go, whoever may see them.',
        resolve: ({ pods }) => pods.filter(({ state }) => state !== 'GONE' && state !== 'STAYS').length,
      }),
      pods: t.field({
        type: [podRef],
        description:
          'Its pods as they stood when it was looked at last, those that are gone included, as far as you may see them.',
        resolve: ({ cluster, pods }, _args, { access }) =>
          pods.filter(({ namespace }) =>
            access.allowed('READ', { subject: subjectOf(podKind), cluster, namespace } as Instance),
          ),
      }),
    }),
  });
  builder.objectField(clusterNodeTypeRef, 'drain', (t) =>
    t.field({
      type: drainRef,
      nullable: true,
      description: 'That it is being drained, by `drainNode` or `deleteNode`, until that has ended; null otherwise.',
      resolve: async (node, _args, context) => {
        context.reads.touch();
        const open = await context.memo(all, () => context.service(nodeDrainsRef).open());
        const { cluster } = node[origin];
        return open.find((drain) => drain.cluster === cluster && drain.node === node.metadata.name) ?? null;
      },
    }),
  );
}
