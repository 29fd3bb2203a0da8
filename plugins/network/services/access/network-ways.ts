import type { PodObject, ServiceObject, WorkloadObject } from 'longshore/plugins/compute';
import {
  allMaybe,
  type ClusterReader,
  idOfObject,
  type KubeObject,
  type MaybePromise,
  mapMaybe,
  origin,
  type RequestContext,
} from 'longshore/sdk';
import { addressesOf } from '../balancers/balancer-facts.ts';
import { groupsOfService, listenersOfGroup } from '../balancers/find-groups.ts';
import type { Listener } from '../balancers/listeners.ts';
import { chainMaybe } from '../nat/chain-maybe.ts';
import { type InternetAccess, readInternetAccess } from '../nat/internet-access.ts';
import { hostPort, podsOfWorkload } from '../services/instance-addresses.ts';
import { servicesOfWorkload } from '../services/service-workloads.ts';
import { addressesOfPort } from './read-access.ts';

/** The four ways to the pods of a workload and from them to the Internet (NET-14). */
export const networkWays = {
  SERVICE: 'In, from the network of the cluster: a Service.',
  LOAD_BALANCER:
    'In, through a load balancer: that of a Service, or one that a backend group with the Service is bound to.',
  SNAT: 'Out, by the SNAT rule of their subnet on a NAT gateway.',
  ELASTIC_IP: 'In and out, by an elastic IP of a pod’s own.',
} as const;

export interface NetworkWay {
  readonly way: keyof typeof networkWays;
  readonly direction: 'IN' | 'OUT' | 'BOTH';
  /** Empty while there is none. */
  readonly addresses: readonly string[];
  /** What makes it so: a Service, Gateway, SNAT rule or elastic IP. */
  readonly object: KubeObject;
  /** Pods that it is the way of; undefined where it is that of all of them. */
  readonly pods: readonly PodObject[] | undefined;
}

/** A pod with how it reaches the Internet; null where that cannot be told. */
export interface PodAccess {
  readonly pod: PodObject;
  readonly access: InternetAccess | null;
}

/** Ways in first; as far as the caller sees what makes them. */
export function networkWaysOf(workload: WorkloadObject, context: RequestContext): MaybePromise<readonly NetworkWay[]> {
  const reader = context.kube(workload[origin].cluster);
  const ins = chainMaybe(servicesOfWorkload(reader, workload), (services) =>
    mapMaybe(allMaybe(services.map((service) => waysThrough(reader, service))), (found) => distinct(found.flat())),
  );
  const outs = chainMaybe(podsOfWorkload(reader, workload), (pods) =>
    mapMaybe(
      allMaybe(pods.map((pod) => mapMaybe(readInternetAccess(pod, context), (access) => ({ pod, access })))),
      waysOut,
    ),
  );
  return mapMaybe(allMaybe([ins, outs]), (found) => found.flat());
}

function waysThrough(reader: ClusterReader, service: ServiceObject): MaybePromise<readonly NetworkWay[]> {
  const isBalanced = service.spec?.type === 'LoadBalancer';
  const addresses = (service.spec?.ports ?? []).flatMap((port) => addressesOfPort(service, port));
  const all = { direction: 'IN', object: service as KubeObject, pods: undefined } as const;
  const own: NetworkWay = { ...all, way: isBalanced ? 'LOAD_BALANCER' : 'SERVICE', addresses };
  const listeners = chainMaybe(groupsOfService(reader, service), (groups) =>
    allMaybe(groups.map((group) => listenersOfGroup(reader, group))),
  );
  return mapMaybe(listeners, (found) => [
    own,
    ...found.flat().map((listener): NetworkWay => {
      const object = listener.gateway as KubeObject;
      return { ...all, way: 'LOAD_BALANCER', object, addresses: addressesOfListener(listener) };
    }),
  ]);
}

const addressesOfListener = ({ gateway, entry }: Listener): readonly string[] =>
  addressesOf(gateway).map((address) => hostPort(address, entry.port));

/** A load balancer with several listeners, or several Services behind it, is one way. */
function distinct(ways: readonly NetworkWay[]): readonly NetworkWay[] {
  const groups = Map.groupBy(ways, ({ way, object }) => `${way} ${idOfObject(object)}`);
  return [...groups.values()].flatMap(([first, ...others]) =>
    first ? [{ ...first, addresses: [...new Set([first, ...others].flatMap(({ addresses }) => addresses))] }] : [],
  );
}

/** By which address pods go out; those that go out by their node, or not at all, have none of these ways. Pure. */
export function waysOut(pods: readonly PodAccess[]): readonly NetworkWay[] {
  const rows = pods.flatMap(({ pod, access }) =>
    access?.way === 'SNAT' || access?.way === 'ELASTIC_IP' ? [{ pod, access }] : [],
  );
  const groups = Map.groupBy(rows, ({ access }) => idOfObject(access.rule as KubeObject));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const { way, eip, rule } = first.access;
    return [
      {
        way,
        direction: way === 'SNAT' ? ('OUT' as const) : ('BOTH' as const),
        addresses: eip?.status?.ip ? [eip.status.ip] : [],
        object: (way === 'SNAT' ? rule : (eip ?? rule)) as KubeObject,
        pods: group.map(({ pod }) => pod),
      },
    ];
  });
}
