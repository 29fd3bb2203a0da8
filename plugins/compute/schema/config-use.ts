import { secretTypeRef } from 'longshore/plugins/core';
import {
  type KubeObject,
  kubernetesObjectRef,
  type LongshoreBuilder,
  type MaybePromise,
  mapMaybe,
  named,
  origin,
  type RequestContext,
  registerEnum,
  typeRef,
} from 'longshore/sdk';
import { configMapTypeRef } from '../api.ts';
import { type ConfigKind, configUseWays } from '../services/references/config-references.ts';
import { type ConfigUse, configUsesOf } from '../services/references/config-users.ts';

export const configUseRef = typeRef<ConfigUse>('ConfigUse');
const usedBy =
  'What uses it in its namespace, as far as you may see it, once for each way and place (CMP-93): workloads, pods that no workload controls, and of a Secret service accounts and Ingresses.';
const ofKey = 'Only uses of this key, those of all keys among them.';

export function registerConfigUse(builder: LongshoreBuilder): void {
  registerEnum(builder, 'ConfigUseWay', 'How a ConfigMap or Secret is used.', configUseWays);
  builder.objectType(configUseRef, {
    description: 'One use of a ConfigMap or Secret.',
    fields: (t) => ({
      user: t.field({
        type: kubernetesObjectRef,
        description:
          'Who uses it: the workload on top, a pod that no workload controls, a ServiceAccount or an Ingress.',
        resolve: (use) => use.user as never,
      }),
      way: t.field({
        type: named('ConfigUseWay'),
        description: 'How.',
        resolve: (use) => use.reference.way as never,
      }),
      key: t.string({
        nullable: true,
        description: 'Which key; null where it is all of them.',
        resolve: (use) => use.reference.key ?? null,
      }),
      container: t.string({
        nullable: true,
        description: 'In which container; null where it is the user as a whole.',
        resolve: (use) => use.reference.container ?? null,
      }),
      variable: t.string({
        nullable: true,
        description: 'The environment variable; of all keys the prefix of their names.',
        resolve: (use) => use.reference.variable ?? null,
      }),
      path: t.string({
        nullable: true,
        description: 'Where the file, or the directory with all files, appears in the container.',
        resolve: (use) => use.reference.path ?? null,
      }),
      isOptional: t.boolean({
        description: 'Whether the pod starts without it.',
        resolve: (use) => use.reference.isOptional,
      }),
    }),
  });
  builder.objectField(configMapTypeRef, 'usedBy', (t) =>
    t.field({
      type: [configUseRef],
      nullable: true,
      description: usedBy,
      args: { key: t.arg.string({ description: ofKey }) },
      resolve: (object, { key }, context) => usesOf(context, 'ConfigMap', object, key),
    }),
  );
  builder.objectField(secretTypeRef, 'usedBy', (t) =>
    t.field({
      type: [configUseRef],
      nullable: true,
      description: usedBy,
      args: { key: t.arg.string({ description: ofKey }) },
      resolve: (object, { key }, context) => usesOf(context, 'Secret', object, key),
    }),
  );
}

function usesOf(
  context: RequestContext,
  kind: ConfigKind,
  object: Pick<KubeObject, 'metadata' | typeof origin>,
  key: string | null | undefined,
): MaybePromise<readonly ConfigUse[]> {
  const uses = configUsesOf(context.kube(object[origin].cluster), kind, object);
  if (key === null || key === undefined) return uses;
  return mapMaybe(uses, (found) =>
    found.filter(({ reference }) => reference.key === undefined || reference.key === key),
  );
}
