import type { ManifestCheck, ManifestMisfit, WrittenObject } from 'longshore/sdk';
import { backendGroupMaxServices } from '../../profile-keys/balancers.ts';
import { serviceCountOf } from './backend-groups.ts';
import { listenersOf, placeholderName } from './balancer-facts.ts';
import { isSamePort } from './change-listeners.ts';
import { checkOffered, whySensitive } from './check-listener.ts';
import type { GatewayObject, ListenerEntry, V1Gateway, V1Route } from './gateway-kinds.ts';

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
