import { type KindRef, type KubeObject, origin } from 'longshore/sdk';
import { dnatRuleKind, eipKind, fipRuleKind, natGatewayKind, snatRuleKind } from '../services/nat/nat-kinds.ts';
import type { NatView } from '../services/nat/nat-view.ts';

/** When everything that tests make was made. */
export const madeAt = '2026-01-01T00:00:00Z';

interface Draft {
  readonly spec?: object;
  /** Null where the engine has not looked at it. */
  readonly status?: object | null;
  readonly metadata?: object;
}

const ready = { ready: true };

/** An object of cluster `c1`. */
export function make<T>(kind: KindRef<T>, name: string, { metadata, status, ...rest }: Draft): KubeObject<T> {
  const { group, version, plural, isNamespaced } = kind;
  const object = {
    apiVersion: `${group}/${version}`,
    kind: kind.kind,
    metadata: { name, uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: madeAt, ...metadata },
    ...rest,
    ...(status ? { status } : {}),
  };
  const value = { cluster: 'c1', group, version, kind: kind.kind, plural, isNamespaced };
  Object.defineProperty(object, origin, { value, enumerable: false });
  return object as unknown as KubeObject<T>;
}

export const gateway = (name: string, vpc = 'net', more: Draft = {}) =>
  make(natGatewayKind, name, { spec: { vpc, subnet: `${vpc}-a`, lanIp: '10.0.0.254' }, ...more });
export const eip = (name: string, natGwDp = 'gw', status: object | null = { ...ready, ip: '192.0.2.1' }) =>
  make(eipKind, name, { spec: { natGwDp }, status });
export const snat = (name: string, of: string, internalCIDR: string, status: object | null = ready) =>
  make(snatRuleKind, name, { spec: { eip: of, internalCIDR }, status });
export const dnat = (name: string, of: string, port: number, protocol = 'tcp', status: object | null = ready) =>
  make(dnatRuleKind, name, {
    spec: { eip: of, externalPort: String(port), internalPort: '80', internalIp: '10.0.0.9', protocol },
    status,
  });
export const fip = (name: string, of: string, internalIp: string, status: object | null = ready) =>
  make(fipRuleKind, name, { spec: { eip: of, internalIp }, status });

/** What a cluster has, from its objects. */
export function viewOf(objects: readonly KubeObject[]): NatView {
  const of = <T>({ kind }: KindRef<T>) => objects.filter((object) => object.kind === kind) as never[];
  return {
    gateways: of(natGatewayKind),
    eips: of(eipKind),
    snatRules: of(snatRuleKind),
    dnatRules: of(dnatRuleKind),
    fipRules: of(fipRuleKind),
  };
}
