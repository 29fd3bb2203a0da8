import { descriptionText, type Label, type SecretObject, secretKind, secretTypeRef } from 'longshore/plugins/core';
import {
  ConflictError,
  checkText,
  encodeGlobalId,
  isOfKind,
  type LongshoreBuilder,
  objectSuccess,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { secretTypes } from '../../profile-keys/configuration.ts';
import { secretName } from '../../profile-keys/names.ts';
import { checkEncoding, checkKeys } from '../../services/configuration/data-entries.ts';
import { checkDataSize } from '../../services/configuration/data-size.ts';
import { metadataOf } from '../../services/configuration/new-metadata.ts';
import {
  annotationsOf,
  checkContent,
  dataOfSecret,
  fieldOfType,
  readContent,
} from '../../services/configuration/secret-content.ts';
import { tellValidity } from '../../services/configuration/tls-pair.ts';
import { newConfigFields } from './new-config-fields.ts';
import { secretContentInputRef } from './secret-content-input.ts';

const subject = subjectOf(secretKind);

/** Making a Secret by form (CMP-96, CMP-97). Its values go to the cluster and nowhere else. */
export function registerCreateSecret(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createSecret',
    description:
      'Makes a Secret of the type that `content` says. A private key that is not the certificate’s is refused, and so is a type that the profile does not offer (`secret.types`). All values together may have 1 MiB; none is ever answered.',
    allow: { action: 'CREATE', subject },
    input: (t) => ({
      ...newConfigFields(t, 'secret.name'),
      content: t.field({ type: secretContentInputRef, required: true, description: 'What it holds.' }),
      isImmutable: t.boolean({
        required: true,
        defaultValue: false,
        description: 'Whether no value can ever be changed again: clusters need not watch it then.',
      }),
    }),
    success: objectSuccess('The Secret was made.', 'secret', secretTypeRef),
    validate: ({ content }) => {
      const issues = checkContent(content, ['content']);
      if (issues.length > 0) return issues;
      const { type, entries } = readContent(content);
      const bytes = entries.reduce((sum, entry) => sum + entry.bytes.byteLength, 0);
      return checkDataSize(bytes, ['content', fieldOfType[type]]);
    },
    load: async (input, context) => {
      const { cluster, namespace, name } = input;
      const content = readContent(input.content);
      // Of what is there already it is that which rights are asked about: it may be a key to the cluster itself.
      const existing = await context.kube(cluster).get(secretKind, namespace, name);
      const made = { subject, cluster, namespace, name, facts: { type: content.rawType } };
      const id = idOf(cluster, namespace, name);
      return {
        value: { cluster: context.cluster(cluster), content, existing },
        instance: existing ?? made,
        record: { plugin: 'compute', type: 'Secret', id, cluster, namespace, kind: 'Secret', name },
      };
    },
    check: ({ cluster, namespace, name, description, content }, { content: { type }, existing }, { services }) => {
      // The cluster says so too, but words of its errors about Secrets are not passed on.
      if (existing) throw new ConflictError(`There is a Secret '${name}' in namespace '${namespace}' already`);
      const profile = services.profiles.at({ cluster, namespace });
      const offered = profile.get(secretTypes);
      const message = `By the profile '${profile.name}' no Secret of type ${type} can be made; offered are ${offered.join(', ')}`;
      return [
        ...checkText(profile.get(secretName), 'name', name),
        ...checkText(profile.get(descriptionText), 'description', description ?? ''),
        ...(offered.includes(type)
          ? []
          : [{ path: ['content', fieldOfType[type]], code: 'type_not_offered', message }]),
        ...checkKeys(content.opaque ?? [], ['content', 'opaque'], profile),
        ...checkEncoding(content.opaque ?? [], ['content', 'opaque'], profile),
      ];
    },
    run: async (input, { cluster, content }, ticket, context) => {
      const { namespace, name, description, labels, isImmutable } = input;
      const told = content.registry === null ? {} : (annotationsOf(content) as Readonly<Record<string, string>>);
      const manifest = {
        metadata: metadataOf(namespace, name, description, labels as readonly Label[] | null | undefined, told),
        type: content.rawType,
        data: dataOfSecret(content.entries),
        ...(isImmutable ? { immutable: true } : {}),
      };
      const { object, warnings } = await cluster.writer(context.principal).create(ticket, secretKind, manifest);
      return {
        value: object,
        resultId: idOf(cluster.name, namespace, name),
        before: undefined,
        after: object,
        warnings: [...(input.content.tls ? tellValidity(input.content.tls, context.clock.now()) : []), ...warnings],
      };
    },
    replay: (node): SecretObject | null => (isOfKind(node, secretKind) ? node : null),
  });
}

const idOf = (cluster: string, namespace: string, name: string): string =>
  encodeGlobalId({ of: 'kubernetes', cluster, group: '', kind: 'Secret', namespace, name });
