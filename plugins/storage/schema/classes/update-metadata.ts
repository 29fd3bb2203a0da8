import { descriptionText } from 'longshore/plugins/core';
import {
  checkText,
  idOfObject,
  isOfKind,
  type KindRef,
  type KubeObject,
  type LongshoreBuilder,
  loadOfKind,
  objectSuccess,
  origin,
  registerMutation,
  subjectOf,
  type TypeRef,
} from 'longshore/sdk';
import { checkMetadataChange, type MetadataChange, metadataPatch } from '../../services/classes/changed-metadata.ts';
import { changedMetadataFields } from './metadata-fields.ts';

/** Labels, annotations and description of an object of a kind, changed by form. */
export function registerUpdateMetadata<T>(
  builder: LongshoreBuilder,
  options: { readonly kind: KindRef<T>; readonly ref: TypeRef<KubeObject<T>>; readonly description: string },
): void {
  const { kind, ref, description } = options;
  registerMutation(builder, {
    name: `update${kind.kind}`,
    description,
    allow: { action: 'UPDATE', subject: subjectOf(kind) },
    input: (t) => ({
      id: t.id({ required: true, description: `The ${kind.kind}'s id.` }),
      ...changedMetadataFields(t),
    }),
    success: objectSuccess(`The ${kind.kind} is changed.`, kind.kind.charAt(0).toLowerCase() + kind.kind.slice(1), ref),
    validate: (input) => checkMetadataChange(input as MetadataChange),
    load: ({ id }, context) => loadOfKind(String(id), kind, context),
    check: (input, object, { services }) => {
      const change = input as MetadataChange;
      if (metadataPatch(change) === undefined) {
        return [{ path: [], code: 'required', message: 'Nothing is to be changed: give what shall be set or removed' }];
      }
      const profile = services.profiles.at({ cluster: object[origin].cluster, namespace: object.metadata.namespace });
      return checkText(profile.get(descriptionText), 'description', change.description ?? '');
    },
    run: async (input, object, ticket, context) => {
      const { namespace, name, uid } = object.metadata;
      const patch = { metadata: metadataPatch(input as MetadataChange) };
      const { object: after, warnings } = await context
        .cluster(object[origin].cluster)
        .writer(context.principal)
        .patch(ticket, kind, namespace, name, patch, { uid });
      return { value: after, resultId: idOfObject(object), before: object, after, warnings };
    },
    replay: (node): KubeObject<T> | null => (isOfKind(node, kind) ? node : null),
  });
}
