import {
  checkDeletion,
  type Deleted,
  type FieldBuilder,
  idOfObject,
  idOfOperation,
  type KindRef,
  type KubeObject,
  kubernetesObjectRef,
  type LongshoreBuilder,
  type MutationOutcome,
  type MutationSuccess,
  named,
  origin,
  registerMutation,
  replayDeletion,
  subjectOf,
} from 'longshore/sdk';
import { anyWorkloadKinds, type WorkloadObject, workloadTypeRef } from '../api.ts';
import { requireOperation } from '../services/operations/require-operation.ts';
import { type Aftermath, whatGoesWith } from '../services/operations/what-goes-with.ts';
import { loadWorkload } from './load-workload.ts';

const propagationPolicies = { BACKGROUND: 'Background', FOREGROUND: 'Foreground', ORPHAN: 'Orphan' } as const;
type Propagation = keyof typeof propagationPolicies;

interface DeletedWorkload extends Deleted<WorkloadObject> {
  /** Known in a dry run only: what is done is done. */
  readonly aftermath: Aftermath | undefined;
}

/** Deleting a workload with what it owns (CMP-74). */
export function registerDeleteWorkload(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'deleteWorkload',
    description:
      'Deletes a workload with its pods, ReplicaSets and Jobs. A dry run tells beforehand what goes with it and what stays behind. What another plugin still needs is an `InUseError`, or asks for `acknowledge: [IN_USE]` (CMP-74).',
    allow: { action: 'DELETE', subject: anyWorkloadKinds.map(subjectOf) },
    mustConfirm: 'BY_PROFILE',
    consequence: 'Its pods end and what they hold is freed; it cannot be restored.',
    batch: { name: 'deleteWorkloads', description: 'Deletes several workloads, in whatever clusters.' },
    input: (t) => ({
      id: t.id({ required: true, description: "The workload's id." }),
      propagation: t.field({
        type: named('DeletionPropagation'),
        required: true,
        defaultValue: 'BACKGROUND' as never,
        description: 'What becomes of what it owns: `ORPHAN` leaves its pods running.',
      }),
    }),
    success: {
      description: 'The workload is deleted, or will be when its finalizers are done.',
      fields: (t: FieldBuilder<MutationSuccess<DeletedWorkload>>) => ({
        id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }),
        workload: t.field({
          type: workloadTypeRef,
          nullable: true,
          description: 'The workload while it is still there; null once it is gone.',
          resolve: ({ value }) => value.object ?? null,
        }),
        goesWith: t.field({
          type: [kubernetesObjectRef],
          nullable: true,
          description:
            'What it owns and is deleted after it, as far as you may see it, at most 1,000; none with `ORPHAN`. Told in a dry run, null once it is done.',
          resolve: ({ value }) => (value.aftermath ? [...value.aftermath.goesWith] : null) as never,
        }),
        staysBehind: t.field({
          type: [kubernetesObjectRef],
          nullable: true,
          description:
            'What is there for it alone or for others too and is not deleted: Services that select its pods, HorizontalPodAutoscalers that scale it, with `ORPHAN` what it owns. Told in a dry run, null once it is done.',
          resolve: ({ value }) => (value.aftermath ? [...value.aftermath.staysBehind] : null) as never,
        }),
      }),
    },
    load: ({ id }, context) => loadWorkload(String(id), context),
    warn: {
      codes: ['IN_USE'],
      find: (_input, workload: WorkloadObject, context) => checkDeletion(workload as KubeObject, undefined, context),
    },
    async run({ propagation }, workload, ticket, context): Promise<MutationOutcome<DeletedWorkload>> {
      await requireOperation('DELETE', workload, context);
      const { cluster, ...kind } = workload[origin];
      const { namespace, name, uid } = workload.metadata;
      const reader = context.kube(cluster);
      const policy = propagation as Propagation;
      const aftermath = ticket.isDryRun ? forecast(await whatGoesWith(reader, workload), policy) : undefined;
      await context
        .cluster(cluster)
        .writer(context.principal)
        .delete(ticket, kind as KindRef, namespace, name, { uid, propagationPolicy: propagationPolicies[policy] });
      const now = ticket.isDryRun ? workload : await reader.get(kind as KindRef, namespace, name);
      const left = now?.metadata.uid === uid ? (now as WorkloadObject) : undefined;
      const value: DeletedWorkload = { id: idOfObject(workload), object: left, aftermath };
      return { value, resultId: idOfOperation(ticket), recorded: [{ before: workload, after: left }] };
    },
    async replay(node, context): Promise<DeletedWorkload | null> {
      const deleted = await replayDeletion<WorkloadObject>(node, context);
      return deleted && { ...deleted, aftermath: undefined };
    },
  });
}

function forecast({ goesWith, staysBehind }: Aftermath, policy: Propagation): Aftermath {
  return policy === 'ORPHAN' ? { goesWith: [], staysBehind: [...goesWith, ...staysBehind] } : { goesWith, staysBehind };
}
