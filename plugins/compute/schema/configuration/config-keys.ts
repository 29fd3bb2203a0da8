import { secretTypeRef } from 'longshore/plugins/core';
import { type KubeObject, type LongshoreBuilder, mapMaybe, origin, type RequestContext, typeRef } from 'longshore/sdk';
import { configMapTypeRef } from '../../api.ts';
import { configKeysOf } from '../../services/configuration/config-keys.ts';
import { environmentKeysOf } from '../../services/configuration/environment-keys.ts';
import type { ConfigKind } from '../../services/references/config-references.ts';
import { type ConfigUse, configUsesOf } from '../../services/references/config-users.ts';
import { configUseRef } from '../config-use.ts';

interface KeyUse {
  readonly key: string;
  readonly uses: readonly ConfigUse[];
}
type Holder = Pick<KubeObject, 'kind' | 'metadata' | typeof origin>;

const keyUseRef = typeRef<KeyUse>('ConfigKeyUse');

/** What forms ask about the keys of ConfigMaps and Secrets: who uses each (CMP-93), and which may name a variable (CMP-90). */
export function registerConfigKeys(builder: LongshoreBuilder): void {
  builder.objectType(keyUseRef, {
    description: 'A key of a ConfigMap or Secret with those who use it.',
    fields: (t) => ({
      key: t.exposeString('key', { description: 'The key.' }),
      userCount: t.int({
        description: 'Number of those that use it, those that use all keys among them.',
        resolve: ({ uses }) => new Set(uses.map(({ user }) => user)).size,
      }),
      uses: t.field({
        type: [configUseRef],
        description: 'Each of their uses.',
        resolve: ({ uses }) => [...uses],
      }),
    }),
  });
  const keyUses = 'Its keys by name, each with what uses it in its namespace, as far as you may see them (CMP-93).';
  const environmentKeys =
    'Its keys that may be the name of an environment variable by the profile of its place (`env.name`), by name.';
  builder.objectField(configMapTypeRef, 'keyUses', (t) =>
    t.field({ type: [keyUseRef], nullable: true, description: keyUses, resolve: keyUsesOf }),
  );
  builder.objectField(secretTypeRef, 'keyUses', (t) =>
    t.field({ type: [keyUseRef], nullable: true, description: keyUses, resolve: keyUsesOf }),
  );
  builder.objectField(configMapTypeRef, 'environmentKeys', (t) =>
    t.stringList({ description: environmentKeys, resolve: fitFor }),
  );
  builder.objectField(secretTypeRef, 'environmentKeys', (t) =>
    t.stringList({ description: environmentKeys, resolve: fitFor }),
  );
}

function keyUsesOf(object: Holder, _args: object, context: RequestContext) {
  const found = configUsesOf(context.kube(object[origin].cluster), object.kind as ConfigKind, object);
  return mapMaybe(found, (uses): KeyUse[] =>
    [...configKeysOf(object)]
      .sort()
      .map((key) => ({ key, uses: uses.filter(({ reference: of }) => of.key === undefined || of.key === key) })),
  );
}

function fitFor(object: Holder, _args: object, { services }: RequestContext): string[] {
  const { cluster } = object[origin];
  return [...environmentKeysOf(object, services.profiles.at({ cluster, namespace: object.metadata.namespace }))];
}
