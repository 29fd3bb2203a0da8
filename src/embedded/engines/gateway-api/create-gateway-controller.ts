import { type Controller, keysByResource, ownKey, splitKey } from '../../controllers/controller.ts';
import { createObjectIndex } from '../../controllers/create-object-index.ts';
import type { Namespace } from '../../controllers/kubernetes-shapes.ts';
import { timestamp } from '../../controllers/timestamp.ts';
import type { ClusterObject } from '../../store/types.ts';
import type { EngineContext } from '../engine.ts';
import { type DecidedCondition, mergeConditions } from '../merge-conditions.ts';
import { decideAddresses, parsePool } from './decide-addresses.ts';
import { decideAttachment } from './decide-attachment.ts';
import { type CertificateProblem, decideListeners, type ListenerDecision } from './decide-listeners.ts';
import { isGranted } from './is-granted.ts';
import {
  controllerName,
  type Gateway,
  type GatewayClass,
  gatewayKey,
  gatewayKinds,
  group,
  isGatewayRef,
  type ObjectRef,
  parentKeys,
  type ReferenceGrant,
  type Route,
  routeKinds,
  routePlurals,
} from './kinds.ts';

/** What a cloud takes to bring up a load balancer, shortened. */
const provisionMs = 2_000;
const retryMs = 30_000;
/** On a GatewayClass: the network its Gateways get addresses from, in CIDR form. */
export const poolAnnotation = 'embedded.longshore.dev/addresses';
/** Addresses for documentation (RFC 5737), others than those of Services. */
const defaultPool = '198.51.100.0/24';

/** Gives Gateways addresses and says of each listener what it is fit for and how many routes it carries. */
export function createGatewayController(context: EngineContext): Controller {
  const { clock, speed, store } = context;
  const { classes, gateways, grants, routes } = gatewayKinds(context);
  const secrets = context.kind<ClusterObject>('', 'secrets');
  const namespaces = context.kind<Namespace>('', 'namespaces');
  const indexes = routeKinds.map((kind) => createObjectIndex<Route>(store, routes[kind].resource, parentKeys));
  const byCertificate = createObjectIndex<Gateway>(store, gateways.resource, certificateKeys);

  function checkCertificate(gateway: Gateway, ref: ObjectRef): CertificateProblem | undefined {
    const { kind = 'Secret', name } = ref;
    const namespace = ref.namespace ?? gateway.metadata.namespace ?? '';
    const invalid = (message: string): CertificateProblem => ({ reason: 'InvalidCertificateRef', message });
    if ((ref.group ?? '') !== '' || kind !== 'Secret') return invalid(`Listener's TLS certificate ref is not a Secret`);
    const from = { group, kind: 'Gateway', namespace: gateway.metadata.namespace ?? '' };
    if (!isGranted({ from, to: { group: '', kind, namespace, name } }, grants.list(namespace))) {
      const message = `Certificate ref to secret ${namespace}/${name} not permitted by any ReferenceGrant`;
      return { reason: 'RefNotPermitted', message };
    }
    const secret = secrets.get(namespace, name);
    if (secret === undefined) return invalid(`Secret ${namespace}/${name} does not exist.`);
    const { type, data } = secret as { readonly type?: string; readonly data?: Readonly<Record<string, string>> };
    if (type !== 'kubernetes.io/tls') return invalid(`Secret ${namespace}/${name} must be of type kubernetes.io/tls.`);
    const isPem = (key: string): boolean => Buffer.from(data?.[key] ?? '', 'base64').includes('-----BEGIN ');
    return isPem('tls.crt') && isPem('tls.key')
      ? undefined
      : invalid(`Secret ${namespace}/${name} must contain valid tls.crt and tls.key.`);
  }

  /** How many routes each listener carries. */
  function countRoutes(gateway: Gateway): Map<string, number> {
    const counts = new Map<string, number>();
    const key = `${gateway.metadata.namespace ?? ''}/${gateway.metadata.name}`;
    for (const route of indexes.flatMap((index) => index.get(key))) {
      if (route.metadata.deletionTimestamp !== undefined) continue;
      const labels = namespaces.get(undefined, route.metadata.namespace ?? '')?.metadata.labels ?? {};
      const refs = (route.spec.parentRefs ?? []).filter((ref) => isGatewayRef(ref) && gatewayKey(ref, route) === key);
      const carriers = new Set(refs.flatMap((ref) => decideAttachment(route, ref, gateway, labels).listeners));
      for (const name of carriers) counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }

  function takenByOthers(gateway: Gateway): Set<string> {
    const others = gateways.list().filter(({ metadata }) => metadata.uid !== gateway.metadata.uid);
    return new Set(others.flatMap(valuesOf));
  }

  /** The addresses now, what Programmed says without them, and whether the Gateway is refused because of them. */
  function addressesFor(gateway: Gateway, gatewayClass: GatewayClass) {
    const dueAt = Date.parse(gateway.metadata.creationTimestamp ?? '') + provisionMs / speed;
    const present = valuesOf(gateway);
    const pool = parsePool(gatewayClass.metadata.annotations?.[poolAnnotation] ?? defaultPool);
    if (pool === undefined)
      return { addresses: [], reason: 'NoResources', message: 'The class has no valid addresses' };
    const decision = decideAddresses(gateway.spec.addresses ?? [], present, takenByOthers(gateway), pool);
    if ('unsupported' in decision) {
      return { addresses: [], reason: 'Invalid', message: decision.unsupported, refusal: decision.unsupported };
    }
    if ('unusable' in decision) return { addresses: [], reason: 'AddressNotUsable', message: decision.unusable };
    if ('exhausted' in decision) {
      return { addresses: [], reason: 'AddressNotAssigned', message: decision.exhausted, waitMs: retryMs };
    }
    if (dueAt > clock.now() && present.length === 0) {
      const message = 'No addresses have been assigned to the Gateway';
      return { addresses: [], reason: 'AddressNotAssigned', message, waitMs: dueAt - clock.now() };
    }
    return { addresses: decision.addresses, reason: 'Programmed', message: 'Address assigned to the Gateway' };
  }

  function write(gateway: Gateway, gatewayClass: GatewayClass): number | undefined {
    const listeners = decideListeners(gateway.spec.listeners, (ref) => checkCertificate(gateway, ref));
    const stamp = { generation: gateway.metadata.generation ?? 1, now: timestamp(clock.now()) };
    const { addresses, reason, message, refusal, waitMs } = addressesFor(gateway, gatewayClass);
    const hasAddress = addresses.length > 0;
    const before = gateway.status;
    const listenerStatus = (counts: ReadonlyMap<string, number>) =>
      listeners.map((decision) => ({
        name: decision.name,
        supportedKinds: decision.supportedKinds,
        attachedRoutes: counts.get(decision.name) ?? 0,
        conditions: mergeConditions(
          before?.listeners?.find(({ name }) => name === decision.name)?.conditions,
          decision.conditions.map((condition) => (hasAddress ? condition : untilAddressed(condition))),
          stamp,
        ),
      }));
    const programmed = programmedOf(listeners, hasAddress, { reason, message });
    // Attachment asks for the kinds that each listener supports now, not those of the last look.
    const asDecided: Gateway = { ...gateway, status: { ...before, listeners: listenerStatus(new Map()) } };
    gateways.updateStatus(gateway, {
      ...(hasAddress ? { addresses: addresses.map((value) => ({ type: 'IPAddress', value })) } : {}),
      conditions: mergeConditions(before?.conditions, [acceptedOf(listeners, refusal), programmed], stamp),
      listeners: listenerStatus(countRoutes(asDecided)),
    });
    return waitMs;
  }

  const usersOfClass = (name: string): string[] =>
    gateways
      .list()
      .filter(({ spec }) => spec.gatewayClassName === name)
      .flatMap(ownKey);
  const routeKeys = (object: ClusterObject, { previous }: { readonly previous: ClusterObject | undefined }): string[] =>
    [object, previous].flatMap((each) => (each === undefined ? [] : parentKeys(each as Route)));

  return {
    name: 'gateway',
    keysOf: keysByResource({
      [`gateways.${group}`]: (object, { type }) => {
        if (type !== 'DELETED') return ownKey(object);
        // Its addresses are free for those that wait for one.
        return gateways
          .list()
          .filter((each) => valuesOf(each).length === 0)
          .flatMap(ownKey);
      },
      [`gatewayclasses.${group}`]: ({ metadata }) => usersOfClass(metadata.name),
      ...Object.fromEntries(routeKinds.map((kind) => [`${routePlurals[kind]}.${group}`, routeKeys])),
      [`referencegrants.${group}`]: (object) =>
        (object as ReferenceGrant).spec.from
          .filter(({ kind }) => kind === 'Gateway')
          .flatMap(({ namespace }) => gateways.list(namespace).flatMap(ownKey)),
      secrets: (object) =>
        byCertificate.get(`${object.metadata.namespace ?? ''}/${object.metadata.name}`).flatMap(ownKey),
      namespaces: (_object, { type }) => (type === 'MODIFIED' ? gateways.list().filter(selects).flatMap(ownKey) : []),
    }),
    reconcile(key) {
      const { namespace, name } = splitKey(key);
      const gateway = gateways.get(namespace, name);
      if (gateway === undefined || gateway.metadata.deletionTimestamp !== undefined) return undefined;
      const gatewayClass = classes.get(undefined, gateway.spec.gatewayClassName);
      const isOurs = gatewayClass?.spec.controllerName === controllerName;
      return gatewayClass !== undefined && isOurs ? write(gateway, gatewayClass) : undefined;
    },
  };
}

function acceptedOf(listeners: readonly ListenerDecision[], refusal: string | undefined): DecidedCondition {
  const type = 'Accepted';
  if (refusal !== undefined) return { type, status: 'False', reason: 'UnsupportedAddress', message: refusal };
  if (listeners.every(({ isUsable }) => isUsable)) {
    return { type, status: 'True', reason: 'Accepted', message: 'The Gateway has been scheduled' };
  }
  const isAnyUsable = listeners.some(({ isUsable }) => isUsable);
  const message = isAnyUsable ? 'Some listeners are not valid' : 'No listener is valid';
  return { type, status: isAnyUsable ? 'True' : 'False', reason: 'ListenersNotValid', message };
}

function programmedOf(
  listeners: readonly ListenerDecision[],
  hasAddress: boolean,
  address: { readonly reason: string; readonly message: string },
): DecidedCondition {
  const type = 'Programmed';
  if (!listeners.some(({ isUsable }) => isUsable)) {
    return { type, status: 'False', reason: 'Invalid', message: 'No listener is valid' };
  }
  return { type, status: hasAddress ? 'True' : 'False', ...address };
}

/** A listener takes no traffic before the Gateway has an address. */
function untilAddressed(condition: DecidedCondition): DecidedCondition {
  if (condition.type !== 'Programmed' || condition.status === 'False') return condition;
  return { ...condition, status: 'False', reason: 'Pending', message: 'The Gateway has no address yet' };
}

function valuesOf({ status }: Gateway): string[] {
  return (status?.addresses ?? []).flatMap(({ value }) => (value === undefined ? [] : [value]));
}

function selects({ spec }: Gateway): boolean {
  return spec.listeners.some(({ allowedRoutes }) => allowedRoutes?.namespaces?.from === 'Selector');
}

function certificateKeys({ metadata, spec }: Gateway): string[] {
  const refs = spec.listeners.flatMap(({ tls }) => tls?.certificateRefs ?? []);
  return [...new Set(refs.map((ref) => `${ref.namespace ?? metadata.namespace ?? ''}/${ref.name}`))];
}
