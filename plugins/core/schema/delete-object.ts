import {
  checkDeletion,
  type Deleted,
  idOfObject,
  idOfOperation,
  type KubeObject,
  kubernetesObjectRef,
  type LongshoreBuilder,
  NotFoundError,
  origin,
  registerMutation,
  replayDeletion,
  resolveNode,
  subjectOf,
  ValidationError,
} from 'longshore/sdk';
import { everyApplySubject } from '../services/developer-subjects.ts';

const propagationPolicies = { BACKGROUND: 'Background', FOREGROUND: 'Foreground', ORPHAN: 'Orphan' } as const;

/** Deletes any object of any kind. */
export function registerDeleteObject(builder: LongshoreBuilder): void {
  const propagation = builder.enumType('DeletionPropagation', {
    description: 'What becomes of the objects that a deleted object owns.',
    values: {
      BACKGROUND: { description: 'It is gone at once, what it owns soon after.' },
      FOREGROUND: { description: 'What it owns is gone first, then it.' },
      ORPHAN: { description: 'What it owns stays, without an owner.' },
    } as const,
  });
  registerMutation(builder, {
    name: 'deleteObject',
    description:
      'Deletes one object of any kind: the very object behind the id now, not one that is given its name meanwhile. What is still used is an `InUseError`, or asks for `acknowledge: [IN_USE]`, as the profile says. Namespaces have `deleteNamespace`.',
    allow: { action: 'DELETE', subject: everyApplySubject },
    mustConfirm: 'BY_PROFILE',
    batch: { name: 'deleteObjects', description: 'Deletes several objects of any kinds, in whatever clusters.' },
    input: (t) => ({
      id: t.id({ required: true, description: 'Its global id.' }),
      propagation: t.field({
        type: propagation,
        required: true,
        defaultValue: 'BACKGROUND' as const,
        description: 'What becomes of what it owns.',
      }),
      gracePeriodSeconds: t.int({
        description: 'Seconds that its processes have to end, 0 or more; the object’s own where it is not given.',
      }),
    }),
    success: {
      description: 'The object is deleted, or will be when its finalizers are done.',
      fields: (t) => ({
        id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }),
        object: t.field({
          type: kubernetesObjectRef,
          nullable: true,
          description: 'The object while it is still there; null once it is gone.',
          resolve: ({ value }) => value.object ?? null,
        }),
      }),
    },
    validate: ({ gracePeriodSeconds: seconds }) =>
      seconds === null || seconds === undefined || seconds >= 0
        ? []
        : [
            {
              path: ['gracePeriodSeconds'],
              code: 'too_small',
              message: `gracePeriodSeconds must be 0 or more, got ${seconds}`,
            },
          ],
    load: async ({ id }, context) => {
      const node = await resolveNode(id, context);
      if (!node || !(origin in node)) throw new NotFoundError('There is no object with this id.');
      const object = node as KubeObject;
      const { cluster, kind } = object[origin];
      if (subjectOf(object[origin]) === 'core/Namespace') {
        const message = 'A namespace is deleted by deleteNamespace, which asks for its name again';
        throw new ValidationError([{ path: ['id'], code: 'use_delete_namespace', message }]);
      }
      const { namespace, name } = object.metadata;
      return {
        value: object,
        instance: object,
        record: { plugin: 'core', type: kind, id, cluster, namespace, kind, name },
      };
    },
    warn: {
      codes: ['IN_USE'],
      find: (_input, object: KubeObject, context) => checkDeletion(object, undefined, context),
    },
    run: async ({ propagation: policy, gracePeriodSeconds }, object, ticket, context) => {
      const kind = object[origin];
      const { namespace, name, uid } = object.metadata;
      await context
        .cluster(kind.cluster)
        .writer(context.principal)
        .delete(ticket, kind, namespace, name, {
          uid,
          propagationPolicy: propagationPolicies[policy],
          ...(gracePeriodSeconds === null || gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
        });
      const left = ticket.isDryRun ? object : await context.kube(kind.cluster).get(kind, namespace, name);
      const isSame = left?.metadata.uid === uid;
      const value: Deleted = { id: idOfObject(object), object: isSame ? left : undefined };
      return {
        value,
        resultId: idOfOperation(ticket),
        recorded: [{ before: object, after: isSame ? left : undefined }],
      };
    },
    replay: replayDeletion<KubeObject>,
  });
}
