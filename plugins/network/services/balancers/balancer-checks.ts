import {
  allMaybe,
  type Deletion,
  type DeletionCheck,
  type DeletionObjection,
  idOfObject,
  type ManifestCheck,
  type ManifestMisfit,
  origin,
  type RequestContext,
  systemPrincipal,
  type WrittenObject,
} from 'longshore/sdk';
import { backendGroupMaxServices } from '../../profile-keys/balancers.ts';
import { serviceCountOf } from './backend-groups.ts';
import { listenersOf, placeholderName } from './balancer-facts.ts';
import { isSamePort } from './change-listeners.ts';
import { checkOffered, whySensitive } from './check-listener.ts';
import { boundGroups } from './find-groups.ts';
import {
  type GatewayObject,
  gatewayKind,
  type ListenerEntry,
  type RouteObject,
  type V1Gateway,
  type V1Route,
} from './gateway-kinds.ts';
import { type Listener, toListener } from './listeners.ts';

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
  const kept = new Set(listenersOf(left as Pick<GatewayObject, 'spec'>).map(({ name }) => name));
  return listenersOf(gateway).filter(({ name }) => !kept.has(name));
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
      const cluster = context.cluster(listener.gateway[origin].cluster);
      // The caller's own reader knows what the caller wrote a moment ago.
      const readers = [context.principal, systemPrincipal].map((each) => cluster.reader(each, context.signal));
      const groups = await allMaybe(readers.map((reader) => boundGroups(reader, listener)));
      return { listener, groups: groups.flat() };
    }),
  );
  const bound = found.filter(({ groups }) => groups.length > 0);
  if (bound.length === 0) return undefined;
  const groups = new Map(bound.flatMap((each) => each.groups).map((group) => [idOfObject(group), group]));
  const visible = [...groups.values()].filter((group) => context.access.allowed('READ', group));
  const names = bound.map(({ listener }) => `'${listener.entry.name}'`).join(', ');
  return {
    isRefused: true,
    message: `${bound.length === 1 ? 'Listener' : 'The listeners'} ${names} ${bound.length === 1 ? 'leads' : 'lead'} to ${toldOf(visible, groups.size - visible.length)}: unbind or delete that first.`,
    references: visible.map((group) => idOfObject(group)),
  };
}

const maxNames = 5;

function toldOf(visible: readonly RouteObject[], hidden: number): string {
  const told = visible.slice(0, maxNames).map(({ metadata }) => `backend group '${metadata.name}'`);
  const more = visible.length - told.length;
  return [
    ...told,
    ...(more > 0 ? [`${more} more`] : []),
    ...(hidden > 0 ? [told.length > 0 ? 'something that you may not see' : 'what you may not see'] : []),
  ].join(', ');
}

/** A Secret stays while a listener takes its certificate from it (P41). */
export const certificateDeletionCheck: DeletionCheck = {
  subjects: ['core/Secret'],
  async check({ object, left }, context) {
    if (left !== undefined) return undefined;
    const { cluster } = object[origin];
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    const readers = [context.principal, systemPrincipal].map((each) =>
      context.cluster(cluster).reader(each, context.signal),
    );
    const found = (await allMaybe(readers.map((reader) => reader.byIndex(gatewayKind, 'certificate', key)))).flat();
    const gateways = [...new Map(found.map((gateway) => [idOfObject(gateway), gateway])).values()];
    if (gateways.length === 0) return undefined;
    const visible = gateways.filter((gateway) => context.access.allowed('READ', gateway));
    const names = visible.map(({ metadata }) => `'${metadata.name}'`).join(', ') || 'that you may not see';
    return {
      isRefused: true,
      message: `Secret '${object.metadata.name}' holds a certificate of load balancer ${names}: its listeners need another one first.`,
      references: visible.map((gateway) => idOfObject(gateway)),
    };
  },
};

type Written = Omit<WrittenObject, 'cluster'>;

/** What the forms for listeners refuse, YAML does not bring in either (NET-17, NET-20, VND-03). */
export const balancerManifestCheck = {
  subjects: ['gateway.networking.k8s.io/Gateway'],
  check({ object, existing, profile }: Written): readonly ManifestMisfit[] {
    const before = existing ? listenersOf(existing as unknown as GatewayObject) : [];
    const listeners = entriesOf(object);
    return listeners.flatMap((entry, index) => {
      if (!entry || entry.name === placeholderName) return [];
      const path = ['spec', 'listeners', index];
      const isKept = before.some((each) => isSamePort(each, entry) && each.protocol === entry.protocol);
      const isTaken = listeners.some(
        (other, at) =>
          other !== undefined &&
          at < index &&
          isSamePort(other, entry) &&
          (other.hostname ?? '') === (entry.hostname ?? ''),
      );
      const why = isKept ? undefined : whySensitive(entry.port, profile);
      return [
        ...(isKept ? [] : checkOffered(entry.protocol, profile, [...path, 'protocol']).map(toMisfit)),
        ...(why === undefined ? [] : [{ path: [...path, 'port'], code: 'sensitive_port', message: why }]),
        ...(isTaken
          ? [
              {
                path: [...path, 'port'],
                code: 'port_taken',
                message: `Port ${entry.port} is taken by another listener`,
              },
            ]
          : []),
      ];
    });
  },
} satisfies ManifestCheck;

/** Listeners of whatever somebody wrote, in their places; undefined for what the cluster will refuse. */
function entriesOf(object: Readonly<Record<string, unknown>>): readonly (ListenerEntry | undefined)[] {
  const { listeners } = ((object as V1Gateway).spec ?? {}) as { readonly listeners?: unknown };
  return Array.isArray(listeners) ? listeners.map((entry: unknown) => (isEntry(entry) ? entry : undefined)) : [];
}

function isEntry(value: unknown): value is ListenerEntry {
  const { port, protocol } = (value ?? {}) as { readonly port?: unknown; readonly protocol?: unknown };
  return typeof port === 'number' && typeof protocol === 'string';
}

/** A backend group by YAML leads to no more Services than one by form (CON-26); one that does already may keep them. */
export const groupManifestCheck = {
  subjects: ['HTTPRoute', 'TCPRoute', 'UDPRoute'].map((kind) => `gateway.networking.k8s.io/${kind}`),
  check({ object, existing, namespace, profile }: Written): readonly ManifestMisfit[] {
    const most = profile.get(backendGroupMaxServices);
    if (most === null) return [];
    const count = countOf(object, namespace);
    if (count <= Math.max(most, existing ? countOf(existing, namespace) : 0)) return [];
    const message = `By the profile '${profile.name}' a backend group stands for at most ${most} Services, got ${count}`;
    return [{ path: ['spec', 'rules'], code: 'too_many_services', message }];
  },
} satisfies ManifestCheck;

/** 0 for what is no route: the cluster says what is wrong with it. */
function countOf(object: object, namespace: string | undefined): number {
  const { spec } = object as V1Route;
  const rules: unknown = spec?.rules;
  if (!Array.isArray(rules) || !rules.every(isRule)) return 0;
  return serviceCountOf(spec, namespace);
}

function isRule(rule: unknown): boolean {
  const { backendRefs } = (rule ?? {}) as { readonly backendRefs?: unknown };
  return (
    backendRefs === undefined ||
    (Array.isArray(backendRefs) && backendRefs.every((ref) => typeof ref === 'object' && ref !== null))
  );
}

const toMisfit = ({ path, code, message }: ManifestMisfit): ManifestMisfit => ({ path, code, message });
