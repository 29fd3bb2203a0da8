import fc from 'fast-check';
import type { KubeObject } from 'longshore/sdk';
import { describe, expect, it } from 'vitest';
import { backendKeysOf } from './backend-groups.ts';
import { listenersOf, placeholderName } from './balancer-facts.ts';
import {
  boundTo,
  patchOfListeners,
  unboundFrom,
  withListener,
  withNamespace,
  withoutListener,
} from './change-listeners.ts';
import { changeMembers } from './check-members.ts';
import type { GatewayObject, ListenerEntry, RouteObject } from './gateway-kinds.ts';
import { groupsOfListener, type Listener, listenerKey, parseListenerKey } from './listeners.ts';

const metadata = { name: 'edge', namespace: 'shop' } as KubeObject['metadata'];
const gatewayWith = (listeners: readonly ListenerEntry[]): GatewayObject =>
  ({ metadata, spec: { gatewayClassName: 'embedded', listeners } }) as never;
const listenerOf = (gateway: GatewayObject, entry: ListenerEntry): Listener =>
  ({ id: entry.name, nodeTypeName: 'LoadBalancerListener', gateway, entry }) as Listener;
const routeIn = (namespace: string, spec: object = {}): RouteObject =>
  ({ kind: 'TCPRoute', metadata: { name: 'group', namespace }, spec }) as never;

const entries = fc
  .uniqueArray(fc.record({ port: fc.integer({ min: 1, max: 65_535 }), protocol: fc.constant('TCP') }), {
    selector: ({ port }) => port,
    maxLength: 8,
  })
  .map((list) => list.map((each): ListenerEntry => ({ ...each, name: `p${each.port}` })));

describe('listeners of a Gateway', () => {
  it('come and go one by one, and something keeps their place where there is none (NET-15, NET-16)', () => {
    fc.assert(
      fc.property(entries, (wanted) => {
        let gateway = gatewayWith([]);
        const write = (list: readonly ListenerEntry[]) => {
          gateway = { ...gateway, ...patchOfListeners(list, 'TCP') } as GatewayObject;
          // What the definition asks for: one to 64.
          expect(gateway.spec?.listeners?.length).toBeGreaterThan(0);
        };
        for (const entry of wanted) write(withListener(gateway, entry));
        expect(listenersOf(gateway)).toEqual(wanted);
        for (const { name } of wanted) write(withoutListener(gateway, name));
        expect(listenersOf(gateway)).toEqual([]);
        if (wanted.length > 0) expect(gateway.spec?.listeners?.map(({ name }) => name)).toEqual([placeholderName]);
      }),
    );
  });

  it('do not share a name or a port; UDP has its own (NET-20, refused)', () => {
    const web: ListenerEntry = { name: 'web', port: 80, protocol: 'TCP' };
    const gateway = gatewayWith([web]);
    expect(() => withListener(gateway, { ...web, port: 81 })).toThrow(/has a listener 'web' already/);
    expect(() => withListener(gateway, { ...web, name: 'other' })).toThrow(/port 80/);
    expect(withListener(gateway, { ...web, name: 'dns', protocol: 'UDP' })).toHaveLength(2);
  });

  it('have ids that lead back to them, and to nothing else (NET-17)', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (cluster, namespace, gateway, name) => {
        const place = { cluster, namespace, gateway, name };
        fc.pre([cluster, namespace, gateway, name].every((word) => word.isWellFormed()));
        expect(parseListenerKey(listenerKey(place))).toEqual(place);
      }),
    );
    expect(parseListenerKey('a/b/c')).toBeUndefined();
    expect(parseListenerKey('a/b/c/%zz')).toBeUndefined();
  });

  it('let a namespace in once, and leave alone what was said in another way', () => {
    const entry: ListenerEntry = { name: 'web', port: 80, protocol: 'TCP' };
    const listener = listenerOf(gatewayWith([entry]), entry);
    expect(withNamespace(listener, { namespace: 'shop' })).toBeUndefined();
    const allowedRoutes = withNamespace(listener, { namespace: 'books' });
    expect(allowedRoutes?.namespaces).toMatchObject({
      from: 'Selector',
      selector: { matchExpressions: [{ operator: 'In', values: ['books', 'shop'] }] },
    });
    if (!allowedRoutes) throw new Error('nothing changes');
    const open = { ...listener, entry: { ...entry, allowedRoutes } };
    expect(withNamespace(open, { namespace: 'books' })).toBeUndefined();
  });
});

describe('binding', () => {
  it('binds once, and is undone to what was there (NET-18, CON-25)', () => {
    const [one, two]: ListenerEntry[] = [
      { name: 'one', port: 1, protocol: 'TCP' },
      { name: 'two', port: 2, protocol: 'TCP' },
    ];
    if (!one || !two) throw new Error('no listeners');
    const gateway = gatewayWith([one, two]);
    for (const namespace of ['shop', 'books']) {
      const parentRefs = boundTo(routeIn(namespace), listenerOf(gateway, one));
      const route = routeIn(namespace, { parentRefs });
      expect(boundTo(route, listenerOf(gateway, one))).toEqual(parentRefs);
      expect(groupsOfListener(listenerOf(gateway, one), [route])).toEqual([route]);
      expect(groupsOfListener(listenerOf(gateway, two), [route])).toEqual([]);
      expect(unboundFrom(route, listenerOf(gateway, one))).toEqual([]);
    }
    // A reference to the whole Gateway keeps the other listener.
    const whole = routeIn('shop', { parentRefs: [{ name: 'edge' }] });
    expect(unboundFrom(whole, listenerOf(gateway, one))).toEqual([{ name: 'edge', sectionName: 'two' }]);
  });
});

describe('members of a group', () => {
  it('are set and taken away each by itself (NET-19, CON-26)', () => {
    const services = fc.uniqueArray(fc.constantFrom<string[]>('a', 'b', 'c', 'd', 'e'), { maxLength: 5 });
    fc.assert(
      fc.property(services, services, (set, remove) => {
        const before = ['a', 'b'].map((name) => ({ name, port: 80, weight: 5 }));
        const added = set.filter((service) => !remove.includes(service));
        const after = changeMembers(
          before,
          added.map((service) => ({ service, port: 80, weight: 9 })),
          remove.map((service) => ({ service, port: 80 })),
        );
        const left = new Set([...['a', 'b'].filter((name) => !remove.includes(name)), ...added]);
        expect(after.map(({ name }) => name).sort()).toEqual([...left].sort());
        for (const { name, weight } of after) expect(weight).toBe(added.includes(name) ? 9 : 5);
        expect(backendKeysOf(routeIn('shop', { rules: [{ backendRefs: after }] }))).toHaveLength(left.size);
      }),
    );
  });
});
