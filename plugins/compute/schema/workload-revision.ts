import { diffFields, fieldChangeRef, type LongshoreBuilder, mapMaybe, origin, typeRef } from 'longshore/sdk';
import { type WorkloadObject, workloadTypeRef } from '../api.ts';
import { revisionsOf, type WorkloadRevision } from '../services/revisions/workload-revisions.ts';
import { templateOf } from '../services/workload-facts.ts';

interface OwnedRevision extends WorkloadRevision {
  readonly workload: WorkloadObject;
  readonly others: readonly WorkloadRevision[];
}

const revisionRef = typeRef<OwnedRevision>('WorkloadRevision');

export function registerWorkloadRevision(builder: LongshoreBuilder): void {
  builder.objectType(revisionRef, {
    description: 'A version of a workload that the cluster keeps, to which it can be rolled back.',
    fields: (t) => ({
      number: t.exposeInt('number', {
        description: 'From 1 on. A rollback makes an old version the newest, under a new number.',
      }),
      name: t.exposeString('name', { description: 'Name of the ReplicaSet or ControllerRevision that keeps it.' }),
      createdAt: t.field({
        type: 'DateTime',
        description: 'When it was first rolled out.',
        resolve: (revision) => revision.createdAt,
      }),
      changeCause: t.string({
        nullable: true,
        description: 'Why, from the annotation `kubernetes.io/change-cause`.',
        resolve: (revision) => revision.changeCause ?? null,
      }),
      isCurrent: t.exposeBoolean('isCurrent', { description: 'Whether it is what the workload is now meant to be.' }),
      images: t.stringList({
        description: 'Images of its main containers.',
        resolve: ({ template }) => (template.spec?.containers ?? []).flatMap(({ image }) => (image ? [image] : [])),
      }),
      changes: t.field({
        type: [fieldChangeRef],
        nullable: true,
        description:
          'Field by field what differs in the pod template from this version to another: to the present one, where no number is given. Null where there is no version of that number.',
        args: { to: t.arg.int({ description: 'Number of the other version.' }) },
        resolve: ({ template, workload, others }, { to }) => {
          const other =
            to === null || to === undefined
              ? templateOf(workload)
              : others.find((revision) => revision.number === to)?.template;
          return other ? diffFields({ spec: { template } }, { spec: { template: other } }) : null;
        },
      }),
    }),
  });
  builder.interfaceField(workloadTypeRef, 'revisions', (t) =>
    t.field({
      type: [revisionRef],
      nullable: true,
      description:
        'Versions that the cluster keeps of a Deployment, StatefulSet or DaemonSet, newest first, as many as its `revisionHistoryLimit`; empty for other kinds. Null where the cluster cannot be asked (CMP-76).',
      args: {
        from: t.arg({ type: 'DateTime', description: 'First rolled out at this time or later.' }),
        to: t.arg({ type: 'DateTime', description: 'First rolled out before this time.' }),
      },
      resolve: (workload, { from, to }, context) =>
        mapMaybe(revisionsOf(context.kube(workload[origin].cluster), workload), (others) =>
          others
            .filter(({ createdAt }) => !from || Date.parse(createdAt) >= from.getTime())
            .filter(({ createdAt }) => !to || Date.parse(createdAt) < to.getTime())
            .map((revision): OwnedRevision => ({ ...revision, workload, others })),
        ),
    }),
  );
}
