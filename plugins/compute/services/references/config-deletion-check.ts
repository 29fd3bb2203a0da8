import {
  type Deletion,
  type DeletionCheck,
  type DeletionObjection,
  idOfObject,
  listNames,
  nameUsers,
  origin,
  type RequestContext,
  systemPrincipal,
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
    const keys = new Set(gone);
    const uses = (await everyUse(deletion, context)).filter(
      ({ user, reference: { key } }) =>
        !deletion.goesAlong?.has(idOfObject(user)) && (gone === undefined || key === undefined || keys.has(key)),
    );
    if (uses.length === 0) return undefined;
    const isRefused = deletion.profile.get(configDeleteWhenReferenced) === 'REFUSE';
    return objection(deletion, gone, uses, isRefused, context);
  },
};

/** Keys that would go; undefined where everything goes. */
function keysGone({ object, left }: Deletion): readonly string[] | undefined {
  if (left === undefined) return undefined;
  const kept = new Set(configKeysOf(left));
  return configKeysOf(object).filter((key) => !kept.has(key));
}

/**
 * Also what uses it without this caller seeing that, which the cluster itself may hide: what runs must not break because of who deletes.
 * The caller's own reader knows what the caller wrote a moment ago.
 */
async function everyUse({ object }: Deletion, context: RequestContext): Promise<readonly ConfigUse[]> {
  const { cluster: name, kind } = object[origin];
  const cluster = context.cluster(name);
  const [own, all] = await Promise.all(
    [context.principal, systemPrincipal].map((principal) =>
      configUsesOf(cluster.reader(principal, context.signal), kind as ConfigKind, object),
    ),
  );
  const known = new Set((own ?? []).map(({ user }) => idOfObject(user)));
  return [...(own ?? []), ...(all ?? []).filter(({ user }) => !known.has(idOfObject(user)))];
}

function objection(
  { object, profile }: Deletion,
  gone: readonly string[] | undefined,
  uses: readonly ConfigUse[],
  isRefused: boolean,
  context: RequestContext,
): DeletionObjection {
  const users = [...new Set(uses.map(({ user }) => user))];
  const { words, references } = nameUsers(users, context);
  const keysUsed = new Set(uses.map(({ reference }) => reference.key));
  const used = (gone ?? []).filter((key) => keysUsed.has(undefined) || keysUsed.has(key));
  const what = `${object.kind} '${object.metadata.name}'`;
  const subject = used.length === 0 ? what : `${used.length === 1 ? 'Key' : 'Keys'} ${quoted(used)} of ${what}`;
  const verb = used.length > 1 ? 'are' : 'is';
  const release = isRefused
    ? ` by the profile '${profile.name}' ${used.length > 1 ? 'they go' : 'it goes'} only after that was changed.`
    : ' what runs there may break.';
  return {
    isRefused,
    message: `${subject} ${verb} used by ${words}:${release}`,
    references,
  };
}

const quoted = (names: readonly string[]): string => listNames(names.map((name) => `'${name}'`));
