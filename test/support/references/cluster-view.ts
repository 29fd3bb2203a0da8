import type { EmbeddedCluster } from '../../../src/embedded/start-embedded-cluster.ts';
import { idOf, type Model, namespace, ofSort, type Thing } from './model.ts';
import { isBound } from './volumes.ts';

/** Everything that sequences make, or that is made of it. */
export const kinds = [
  ['kubeovn.io', 'vpcs', 'Vpc'],
  ['kubeovn.io', 'subnets', 'Subnet'],
  ['kubeovn.io', 'vpc-nat-gateways', 'VpcNatGateway'],
  ['kubeovn.io', 'iptables-eips', 'IptablesEIP'],
  ['kubeovn.io', 'iptables-snat-rules', 'IptablesSnatRule'],
  ['kubeovn.io', 'iptables-dnat-rules', 'IptablesDnatRule'],
  ['kubeovn.io', 'iptables-fip-rules', 'IptablesFIPRule'],
  ['kubeovn.io', 'qos-policies', 'QoSPolicy'],
  ['kubeovn.io', 'ips', 'IP'],
  ['kubeovn.io', 'vips', 'Vip'],
  ['', 'services', 'Service'],
  ['discovery.k8s.io', 'endpointslices', 'EndpointSlice'],
  ['networking.k8s.io', 'ingresses', 'Ingress'],
  ['gateway.networking.k8s.io', 'gateways', 'Gateway'],
  ['gateway.networking.k8s.io', 'tcproutes', 'TCPRoute'],
  ['gateway.networking.k8s.io', 'httproutes', 'HTTPRoute'],
  ['storage.k8s.io', 'storageclasses', 'StorageClass'],
  ['', 'persistentvolumeclaims', 'PersistentVolumeClaim'],
  ['', 'persistentvolumes', 'PersistentVolume'],
  ['snapshot.storage.k8s.io', 'volumesnapshots', 'VolumeSnapshot'],
  ['snapshot.storage.k8s.io', 'volumesnapshotcontents', 'VolumeSnapshotContent'],
  ['apps', 'deployments', 'Deployment'],
  ['apps', 'replicasets', 'ReplicaSet'],
  ['', 'pods', 'Pod'],
] as const;

interface Seen {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status: Readonly<Record<string, unknown>>;
}

/** What the cluster itself has, whatever the product says of it. */
export interface ClusterView {
  /** `Kind name`, of everything there is, sorted. */
  names(): string[];
  podsOf(deployment: string): string[];
  podOfGateway(name: string): string;
  volumeOf(claim: string): string | undefined;
  volumesOfClass(name: string): string[];
  /** What is not as it should be by the model: strangers, what is missing, what goes and is not gone, what leads nowhere, what does not work. */
  faults(model: Model): string[];
}

/** Of what is not in the list, that is: all that is there before the first sequence. */
export function viewCluster({ store }: EmbeddedCluster): ClusterView {
  const all = (kind: string): Seen[] => {
    const [group, plural] = kinds.find((each) => each[2] === kind) ?? ['', ''];
    return store.list(store.resource(group, plural)) as unknown as Seen[];
  };
  const own = (kind: string): Seen[] => all(kind).filter(({ metadata }) => metadata.namespace === namespace);
  const names = () => kinds.flatMap(([, , kind]) => all(kind).map(({ metadata }) => `${kind} ${metadata.name}`)).sort();
  const before = new Set(names());

  const podsOf = (deployment: string) =>
    own('Pod')
      .filter(({ metadata }) => metadata.labels?.of === deployment)
      .map(({ metadata }) => idOf('', 'Pod', metadata.name));
  const volumes = () => all('PersistentVolume');

  /** The names that the model says there must be, of one kind. */
  function wanted(model: Model): ReadonlyMap<string, readonly string[]> {
    const object = ({ name, facts }: Thing) => facts.object ?? name;
    const of = (...sorts: Parameters<typeof ofSort>[1][]) => ofSort(model, ...sorts).map(object);
    const groups = (protocol: string) =>
      ofSort(model, 'group')
        .filter(({ facts }) => facts.protocol === protocol)
        .map(object);
    return new Map([
      ['Vpc', of('vpc')],
      ['Subnet', of('subnet')],
      ['VpcNatGateway', of('natGateway')],
      ['IptablesEIP', of('elasticIp')],
      ['QoSPolicy', of('elasticIp').map((eip) => `${eip}-bandwidth`)],
      ['IptablesSnatRule', of('snatRule')],
      ['IptablesDnatRule', of('portRule')],
      ['IptablesFIPRule', of('instanceRule')],
      ['Service', of('service')],
      ['Ingress', of('ingress')],
      ['Gateway', of('balancer')],
      ['TCPRoute', groups('TCP')],
      ['HTTPRoute', groups('HTTP')],
      ['StorageClass', of('class')],
      ['PersistentVolumeClaim', of('claim', 'disk')],
      ['VolumeSnapshot', of('snapshot')],
      ['Deployment', of('deployment')],
    ]);
  }

  function faults(model: Model): string[] {
    const found: string[] = [];
    for (const [kind, should] of wanted(model)) {
      const is = new Set(
        all(kind)
          .map(({ metadata }) => metadata.name)
          .filter((name) => !before.has(`${kind} ${name}`)),
      );
      for (const name of should) if (!is.delete(name)) found.push(`${kind} ${name} is missing`);
      for (const name of is) found.push(`${kind} ${name} is nobody's`);
    }
    for (const [, , kind] of kinds) {
      for (const { metadata } of all(kind)) {
        if (metadata.deletionTimestamp) found.push(`${kind} ${metadata.name} goes and is not gone`);
      }
    }
    const count = (kind: string, should: number) => {
      const is = all(kind).filter(({ metadata }) => !before.has(`${kind} ${metadata.name}`)).length;
      if (is !== should) found.push(`${is} of ${kind} instead of ${should}`);
    };
    count('PersistentVolume', ofSort(model, 'claim', 'disk').filter((claim) => isBound(model, claim)).length);
    count('VolumeSnapshotContent', ofSort(model, 'snapshot').length);
    const pods = own('Pod');
    const users = ofSort(model, 'pod', 'deployment');
    if (pods.length !== users.length) found.push(`${pods.length} pods instead of ${users.length}`);
    for (const { metadata, status } of pods) if (!isReady(status)) found.push(`Pod ${metadata.name} does not run`);
    return [...found, ...leadingNowhere(), ...notWorking(model)];
  }

  /** References among the objects themselves. */
  function leadingNowhere(): string[] {
    const found: string[] = [];
    const check = (kind: string, object: Seen, field: string, name: unknown, target: string, isOwn = false) => {
      if (typeof name !== 'string' || name === '') return;
      if (!(isOwn ? own(target) : all(target)).some(({ metadata }) => metadata.name === name)) {
        found.push(`${kind} ${object.metadata.name}: ${field} leads to ${target} ${name}, which is not there`);
      }
    };
    const checkAll = (kind: string, field: string, target: string) => {
      for (const object of all(kind)) check(kind, object, field, object.spec[field], target);
    };
    checkAll('Subnet', 'vpc', 'Vpc');
    checkAll('VpcNatGateway', 'vpc', 'Vpc');
    checkAll('VpcNatGateway', 'subnet', 'Subnet');
    checkAll('IptablesEIP', 'natGwDp', 'VpcNatGateway');
    checkAll('IptablesEIP', 'qosPolicy', 'QoSPolicy');
    for (const kind of ['IptablesSnatRule', 'IptablesDnatRule', 'IptablesFIPRule'])
      checkAll(kind, 'eip', 'IptablesEIP');
    checkAll('IP', 'subnet', 'Subnet');
    const gatewayAddresses = new Set(all('VpcNatGateway').map(({ spec }) => `${spec.vpc} ${spec.lanIp}`));
    for (const { metadata, spec } of all('Vpc')) {
      for (const { nextHopIP } of (spec?.staticRoutes ?? []) as { nextHopIP: string }[]) {
        const isThere = gatewayAddresses.has(`${metadata.name} ${nextHopIP}`);
        if (!isThere) found.push(`Vpc ${metadata.name}: a route leads to ${nextHopIP}, where no gateway is`);
      }
    }
    for (const kind of ['TCPRoute', 'HTTPRoute']) {
      for (const route of own(kind)) {
        const { rules = [], parentRefs = [] } = route.spec as unknown as RouteSpec;
        for (const { name } of rules.flatMap(({ backendRefs }) => backendRefs ?? [])) {
          check(kind, route, 'backendRefs', name, 'Service', true);
        }
        for (const { name, sectionName } of parentRefs) {
          const gateway = own('Gateway').find(({ metadata }) => metadata.name === name);
          const listeners = (gateway?.spec.listeners ?? []) as { name: string }[];
          if (!listeners.some((listener) => listener.name === sectionName)) {
            found.push(`${kind} ${route.metadata.name}: there is no listener ${name}/${sectionName}`);
          }
        }
      }
    }
    for (const ingress of own('Ingress')) {
      const { rules = [] } = ingress.spec as unknown as IngressSpec;
      for (const { backend } of rules.flatMap(({ http }) => http?.paths ?? [])) {
        check('Ingress', ingress, 'backend', backend.service.name, 'Service', true);
      }
    }
    for (const claim of own('PersistentVolumeClaim')) {
      check('PersistentVolumeClaim', claim, 'storageClassName', claim.spec.storageClassName, 'StorageClass');
      const source = claim.spec.dataSource as { kind: string; name: string } | undefined;
      // Once it is filled nobody asks what it was filled from.
      if (claim.status.phase !== 'Bound' && source)
        check('PersistentVolumeClaim', claim, 'dataSource', source.name, source.kind, true);
    }
    for (const pod of own('Pod')) {
      for (const { persistentVolumeClaim } of (pod.spec.volumes ?? []) as {
        persistentVolumeClaim?: { claimName: string };
      }[]) {
        check('Pod', pod, 'volumes', persistentVolumeClaim?.claimName, 'PersistentVolumeClaim', true);
      }
    }
    return found;
  }

  function notWorking(model: Model): string[] {
    const rules = ['IptablesEIP', 'IptablesSnatRule', 'IptablesDnatRule', 'IptablesFIPRule'].flatMap((kind) =>
      all(kind)
        .filter(({ status }) => status?.ready !== true)
        .map(({ metadata }) => `${kind} ${metadata.name} is not ready`),
    );
    const subnets = all('Subnet')
      .filter(({ status }) => !status?.v4availableIPrange)
      .map(({ metadata }) => `Subnet ${metadata.name} has no addresses`);
    const snapshots = own('VolumeSnapshot')
      .filter(({ status }) => status?.readyToUse !== true)
      .map(({ metadata }) => `VolumeSnapshot ${metadata.name} is not ready`);
    const claims = ofSort(model, 'claim', 'disk').flatMap((claim) => {
      const phase = own('PersistentVolumeClaim').find(({ metadata }) => metadata.name === claim.name)?.status.phase;
      const should = isBound(model, claim) ? 'Bound' : 'Pending';
      return phase === should ? [] : [`PersistentVolumeClaim ${claim.name} is ${phase} instead of ${should}`];
    });
    return [...rules, ...subnets, ...snapshots, ...claims];
  }

  return {
    names,
    podsOf,
    podOfGateway: (name) => idOf('', 'Pod', `vpc-nat-gw-${name}-0`, 'kube-system'),
    volumeOf: (claim) =>
      volumes().find(({ spec }) => (spec.claimRef as { name?: string } | undefined)?.name === claim)?.metadata.name,
    volumesOfClass: (name) =>
      volumes()
        .filter(({ spec }) => spec.storageClassName === name)
        .map(({ metadata }) => idOf('', 'PersistentVolume', metadata.name, '')),
    faults,
  };
}

interface RouteSpec {
  readonly parentRefs?: readonly { readonly name: string; readonly sectionName?: string }[];
  readonly rules?: readonly { readonly backendRefs?: readonly { readonly name: string }[] }[];
}

interface IngressSpec {
  readonly rules?: readonly {
    readonly http?: {
      readonly paths: readonly { readonly backend: { readonly service: { readonly name: string } } }[];
    };
  }[];
}

function isReady(status: Seen['status']): boolean {
  const conditions = (status?.conditions ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True');
}
