import {
  type ClusterReader,
  type Deletion,
  type DeletionCheck,
  type DeletionObjection,
  idOfObject,
  origin,
  type RequestContext,
} from 'longshore/sdk';
import { configDeleteWhenReferenced } from '../../profile-keys/configuration.ts';
import { configKeysOf } from '../configuration/config-keys.ts';
import type { ConfigKind } from './config-references.ts';
import { type ConfigUse, configUsesOf } from './config-users.ts';

/** ConfigMaps and Secrets stay while something uses them, or a key of them (CMP-92, CMP-99, CON-06). */
export const configDeletionCheck: DeletionCheck = {
  subjects: ['core/ConfigMap', 'core/Secret'],
  async check(deletion, context) {
    const gone = keysGone(deletion);
    if (gone?.length === 0) return undefined;
    const { object, profile } = deletion;
    const { kind } = object[origin];
    const uses = (await configUsesOf(everyUser(deletion, context), kind as ConfigKind, object)).filter(
      ({ reference: { key } }) => gone === undefined || key === undefined || gone.includes(key),
    );
    if (uses.length === 0) return undefined;
    const isRefused = profile.get(configDeleteWhenReferenced) === 'REFUSE';
    return objection(deletion, gone, uses, isRefused, context);
  },
};

/** Keys that would go; undefined where everything goes. */
function keysGone({ object, left }: Deletion): readonly string[] | undefined {
  if (left === undefined) return undefined;
  const kept = new Set(configKeysOf(left));
  return configKeysOf(object).filter((key) => !kept.has(key));
}

/** Also users that this caller may not see: what runs must not break because of who deletes. */
function everyUser({ object }: Deletion, context: RequestContext): ClusterReader {
  return context.cluster(object[origin].cluster).reader(context.principal, context.signal);
}

function objection(
  { object, profile }: Deletion,
  gone: readonly string[] | undefined,
  uses: readonly ConfigUse[],
  isRefused: boolean,
  context: RequestContext,
): DeletionObjection {
  const users = [...new Set(uses.map(({ user }) => user))];
  const visible = users.filter((user) => context.access.allowed('READ', user));
  const used =
    gone === undefined ? [] : gone.filter((key) => uses.some(({ reference }) => usesKey(reference.key, key)));
  const what = `${object.kind} '${object.metadata.name}'`;
  const subject = used.length === 0 ? what : `${used.length === 1 ? 'Key' : 'Keys'} ${quoted(used)} of ${what}`;
  const verb = used.length > 1 ? 'are' : 'is';
  const release = isRefused
    ? ` by the profile '${profile.name}' ${used.length > 1 ? 'they go' : 'it goes'} only after that was changed.`
    : ' what runs there may break.';
  return {
    isRefused,
    message: `${subject} ${verb} used by ${named(visible.map(nameOf), users.length - visible.length)}:${release}`,
    references: visible.map((user) => idOfObject(user)),
  };
}

const usesKey = (of: string | undefined, key: string): boolean => of === undefined || of === key;
const nameOf = ({ kind, metadata }: ConfigUse['user']): string => `${kind} '${metadata.name}'`;

/** Names that one message tells; the references have all of them. */
const maxNames = 5;

function quoted(names: readonly string[]): string {
  return named(
    names.map((name) => `'${name}'`),
    0,
  );
}

function named(names: readonly string[], hidden: number): string {
  const told = names.slice(0, maxNames);
  const more = names.length - told.length;
  return [
    ...told,
    ...(more > 0 ? [`${more} more`] : []),
    ...(hidden > 0 ? [told.length > 0 ? 'something that you may not see' : 'what you may not see'] : []),
  ].join(', ');
}
