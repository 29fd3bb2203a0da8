import {
  type Deletion,
  type DeletionCheck,
  type DeletionObjection,
  idOfObject,
  type KubeObject,
  nameUsers,
  type RequestContext,
  readEveryUser,
} from 'longshore/sdk';
import { listenersOf } from './balancer-facts.ts';
import { routesOfListener } from './find-groups.ts';
import { type GatewayObject, gatewayKind, type ListenerEntry, routeKinds } from './gateway-kinds.ts';
import { groupProtocolOf, type Listener, toListener } from './listeners.ts';

/** A load balancer stays while it has listeners, a listener while a backend group is bound to it: on every road (NET-16, NET-18, P41). */
export const balancerDeletionCheck: DeletionCheck = {
  subjects: ['gateway.networking.k8s.io/Gateway'],
  async check(deletion, context) {
    const gateway = deletion.object as unknown as GatewayObject;
    const gone = listenersGone(gateway, deletion).map((entry) => toListener(gateway, entry));
    if (gone.length === 0) return undefined;
    if (deletion.left === undefined) return objectionOfListeners(gateway, gone);
    return listenerObjection(gone, context);
  },
};

function listenersGone(gateway: GatewayObject, { left }: Deletion): readonly ListenerEntry[] {
  if (left === undefined) return listenersOf(gateway);
  // One that speaks something else carries none of its groups any more.
  const keyOf = (entry: ListenerEntry): string => `${entry.name}/${groupProtocolOf(entry) ?? entry.protocol}`;
  const kept = new Set(listenersOf(left as Pick<GatewayObject, 'spec'>).map(keyOf));
  return listenersOf(gateway).filter((entry) => !kept.has(keyOf(entry)));
}

function objectionOfListeners({ metadata }: GatewayObject, listeners: readonly Listener[]): DeletionObjection {
  const names = listeners.map(({ entry }) => `'${entry.name}'`).join(', ');
  return {
    isRefused: true,
    message: `Load balancer '${metadata.name}' has ${listeners.length === 1 ? 'the listener' : 'the listeners'} ${names}: delete them first.`,
    references: listeners.map(({ id }) => id),
  };
}

/** What stands against deleting listeners: the groups that are bound to them, also those that the caller does not see. */
export async function listenerObjection(
  listeners: readonly Listener[],
  context: RequestContext,
): Promise<DeletionObjection | undefined> {
  const found = await Promise.all(
    listeners.map(async (listener) => {
      const groups = await readEveryUser(listener.gateway, context, (reader) => routesOfListener(reader, listener));
      return { listener, groups };
    }),
  );
  const bound = found.filter(({ groups }) => groups.length > 0);
  if (bound.length === 0) return undefined;
  const groups = new Map(bound.flatMap((each) => each.groups).map((group) => [idOfObject(group), group]));
  const { words, references } = nameUsers([...groups.values()], context, nameOf);
  const names = bound.map(({ listener }) => `'${listener.entry.name}'`).join(', ');
  return {
    isRefused: true,
    message: `${bound.length === 1 ? 'Listener' : 'The listeners'} ${names} ${bound.length === 1 ? 'leads' : 'lead'} to ${words}: unbind or delete that first.`,
    references,
  };
}

/** As people call them. */
function nameOf({ kind, metadata }: KubeObject): string {
  const isGroup = routeKinds.some((each) => each.kind === kind);
  return `${isGroup ? 'backend group' : kind === gatewayKind.kind ? 'load balancer' : kind} '${metadata.name}'`;
}

/** A Secret stays while a listener takes its certificate from it (P41). */
export const certificateDeletionCheck: DeletionCheck = {
  subjects: ['core/Secret'],
  async check({ object, left }, context) {
    if (left !== undefined) return undefined;
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const gateways = await readEveryUser(object, context, (reader) => reader.byIndex(gatewayKind, 'certificate', key));
    return objectionOfUsers(
      gateways,
      context,
      (told) =>
        `Secret '${object.metadata.name}' holds a certificate of ${told}: its listeners need another one first.`,
    );
  },
};

/** A class stays while load balancers are of it: without their class nobody serves them (P41). */
export const classDeletionCheck: DeletionCheck = {
  subjects: ['gateway.networking.k8s.io/GatewayClass'],
  async check({ object, left }, context) {
    if (left !== undefined) return undefined;
    const { name } = object.metadata;
    const gateways = await readEveryUser(object, context, (reader) => reader.byIndex(gatewayKind, 'class', name));
    return objectionOfUsers(gateways, context, (told) => `Class '${name}' serves ${told}: delete that first.`);
  },
};

function objectionOfUsers(
  users: readonly KubeObject[],
  context: RequestContext,
  sentence: (told: string) => string,
): DeletionObjection | undefined {
  if (users.length === 0) return undefined;
  const { words, references } = nameUsers(users, context, nameOf);
  return { isRefused: true, message: sentence(words), references };
}
