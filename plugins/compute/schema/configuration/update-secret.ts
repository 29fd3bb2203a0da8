import { descriptionText, type SecretObject, secretKind, secretTypeRef } from 'longshore/plugins/core';
import {
  checkDeletion,
  checkText,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  objectSuccess,
  origin,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { changedAnnotations } from '../../services/configuration/changed-annotations.ts';
import {
  checkFit,
  entriesOfChange,
  markReplaced,
  secretBytesAfter,
} from '../../services/configuration/changed-secret.ts';
import { checkEncoding, checkEntries, checkKeys } from '../../services/configuration/data-entries.ts';
import { checkDataSize } from '../../services/configuration/data-size.ts';
import { checkMissing, checkRemove, withoutKeys } from '../../services/configuration/removed-keys.ts';
import { requireEditable } from '../../services/configuration/require-editable.ts';
import { requireMutable } from '../../services/configuration/require-mutable.ts';
import { annotationsOf, checkContent, dataOfSecret, readContent } from '../../services/configuration/secret-content.ts';
import { tellUsers } from '../../services/configuration/tell-users.ts';
import { tellValidity } from '../../services/configuration/tls-pair.ts';
import { changedConfigFields, checkAnyChange } from './changed-config-fields.ts';
import { registryCredentialsInputRef, tlsPairInputRef } from './secret-content-input.ts';

/** Changing a Secret by form, where the profile lets it be changed at all (CMP-98). Nobody needs to read a value for it. */
export function registerUpdateSecret(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateSecret',
    description:
      'Adds, changes and removes keys of a Secret, or replaces the content of its type; other keys stay as they are. What uses it is told in `warnings`, values show as lengths. `SECRET_NOT_EDITABLE` where the profile does not let it be changed (`secret.editable`). Removing a key that something uses is an `InUseError`, or asks for `acknowledge: [IN_USE]`, as the profile says.',
    allow: { action: 'UPDATE', subject: subjectOf(secretKind) },
    input: (t) => ({
      ...changedConfigFields(t, 'Secret'),
      registryCredentials: t.field({
        type: registryCredentialsInputRef,
        description: 'Other credentials, for a Secret that has some.',
      }),
      dockerConfigJson: t.string({ description: 'Another `config.json` of Docker, for a Secret that has one.' }),
      tls: t.field({
        type: tlsPairInputRef,
        description: 'Another certificate with its key, for a Secret of type TLS.',
      }),
    }),
    success: objectSuccess('The Secret is changed.', 'secret', secretTypeRef),
    validate: ({ id: _id, ...input }) => [
      ...checkAnyChange(input, [input.registryCredentials, input.dockerConfigJson, input.tls]),
      ...checkEntries(input.set ?? [], ['set']),
      ...checkRemove(input.remove ?? [], input.set ?? []),
      ...checkContent(input, []),
    ],
    load: ({ id }, context) => loadOfKind(String(id), secretKind, context),
    check: (input, object, { services }) => {
      const profile = services.profiles.at({ cluster: object[origin].cluster, namespace: object.metadata.namespace });
      requireEditable(object, profile);
      const entries = entriesOfChange(input);
      if (entries.length > 0 || (input.remove ?? []).length > 0) requireMutable(object);
      return [
        ...checkText(profile.get(descriptionText), 'description', input.description ?? ''),
        ...checkKeys(input.set ?? [], ['set'], profile),
        ...checkEncoding(input.set ?? [], ['set'], profile),
        ...checkFit(input, object),
        ...checkMissing(input.remove ?? [], object),
        ...checkDataSize(secretBytesAfter(object, entries, input.remove ?? []), []),
      ];
    },
    warn: {
      codes: ['IN_USE'],
      find: ({ remove }, object: SecretObject, context) =>
        remove && remove.length > 0 ? checkDeletion(object as never, withoutKeys(object, remove), context) : [],
    },
    run: async (input, object, ticket, context) => {
      const { namespace, name, uid } = object.metadata;
      const { remove, resourceVersion, makeImmutable } = input;
      const entries = entriesOfChange(input);
      const annotations = {
        ...(input.registryCredentials || input.dockerConfigJson
          ? annotationsOf(readContent({ ...input, opaque: null }))
          : {}),
        ...changedAnnotations(input, context.clock.now()),
      };
      const patch = {
        ...(Object.keys(annotations).length > 0 ? { metadata: { annotations } } : {}),
        data: { ...Object.fromEntries((remove ?? []).map((key) => [key, null])), ...dataOfSecret(entries) },
        ...(makeImmutable ? { immutable: true } : {}),
      };
      const changed = [...entries.map(({ key }) => key), ...(remove ?? [])];
      const users = changed.length > 0 ? await tellUsers(object, changed, context) : [];
      const writer = context.cluster(object[origin].cluster).writer(context.principal);
      const { object: after, warnings } = await writer.patch(ticket, secretKind, namespace, name, patch, {
        uid,
        ...(resourceVersion ? { resourceVersion } : {}),
      });
      return {
        value: after,
        resultId: idOfObject(object),
        before: object,
        after: markReplaced(after, object, entries),
        warnings: [...(input.tls ? tellValidity(input.tls, context.clock.now()) : []), ...users, ...warnings],
      };
    },
    replay: (node): SecretObject | null => (isOfKind(node, secretKind) ? node : null),
  });
}
