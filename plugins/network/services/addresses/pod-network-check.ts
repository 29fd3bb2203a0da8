import { anyWorkloadKinds, podKind } from 'longshore/plugins/compute';
import {
  type ClusterReader,
  type KindRef,
  type KubeObject,
  type ManifestCheck,
  type ManifestMisfit,
  type RequestContext,
  subjectOf,
  systemPrincipal,
  type WrittenObject,
} from 'longshore/sdk';
import { subnetKind, vpcKind } from '../vpc/kube-ovn-kinds.ts';
import { requireKubeOvn } from '../vpc/require-kube-ovn.ts';
import { ipKind, ipPoolKind } from './address-pools.ts';
import { type AddressFacts, judgeAddresses, tellOfShortage } from './judge-addresses.ts';
import { chosenAddressesOf, podAnnotations } from './pod-addressing.ts';

type Annotations = Readonly<Record<string, unknown>>;

/** Kube-OVN's annotation of any interface of a pod: those of others begin with their network. */
const ofAnyNetwork = /^(?:.+\.)?ovn\.kubernetes\.io\/(logical_switch|eip|snat)$/;

/**
 * Addresses that pods ask for, by form and as text (NET-41, NET-42): Kube-OVN asks nobody whose a subnet, a pool or an address is, so a
 * pod would come into any network.
 */
export const podNetworkCheck: ManifestCheck = {
  subjects: [...anyWorkloadKinds, podKind as KindRef].map(subjectOf),
  async check(written, context) {
    const { annotations, before, path } = asked(written);
    const chosen = chosenAddressesOf(annotations);
    const isChanged = JSON.stringify(chosen) !== JSON.stringify(chosenAddressesOf(before));
    const others = changedKeys(annotations, before).filter((key) => key !== podAnnotations.subnet);
    const hasSubnet = changedKeys(annotations, before).includes(podAnnotations.subnet);
    if (!(chosen && isChanged) && !hasSubnet && others.length === 0) return [];
    if (written.isForm) requireKubeOvn(context.cluster(written.cluster));
    else if (!hasKubeOvn(written, context)) return [];
    const facts = await readFacts(written, context);
    const wish = chosen ?? { subnet: String(annotations[podAnnotations.subnet] ?? '') };
    const found = [
      ...judgeAddresses(wish, chosenAddressesOf(before), facts),
      ...others.flatMap((key) => judgeOther(key, annotations[key], written, facts, context)),
    ];
    return found.map(({ annotation, code, message }): ManifestMisfit => {
      const key = annotation in annotations ? annotation : podAnnotations.address;
      return { path: [...path, key], code, message };
    });
  },
  async tell(written, context) {
    const { annotations, before } = asked(written);
    const chosen = chosenAddressesOf(annotations);
    const { replicas } = ((written.object as { spec?: { replicas?: unknown } }).spec ?? {}) as { replicas?: unknown };
    const isNew = JSON.stringify(chosen) !== JSON.stringify(chosenAddressesOf(before));
    if (!chosen || !isNew || typeof replicas !== 'number' || !hasKubeOvn(written, context)) return [];
    const shortage = tellOfShortage(chosen, replicas, await readFacts(written, context));
    return shortage === undefined ? [] : [shortage];
  },
};

/** Annotations of the pods that an object makes, or of the pod that it is. */
function asked({ kind, object, existing }: WrittenObject) {
  const template =
    kind.kind === 'Pod'
      ? []
      : kind.kind === 'CronJob'
        ? ['spec', 'jobTemplate', 'spec', 'template']
        : ['spec', 'template'];
  const path = [...template, 'metadata', 'annotations'];
  const at = (value: unknown): Annotations =>
    path.reduce<unknown>((found, step) => (isNode(found) ? found[step] : undefined), value) as Annotations;
  const [annotations, before] = [at(object), at(existing)].map((map) => (isNode(map) ? map : {}));
  return { annotations: annotations ?? {}, before: before ?? {}, path };
}

function changedKeys(annotations: Annotations, before: Annotations): readonly string[] {
  // What the engine wrote on a pod is no wish.
  if (annotations[podAnnotations.allocated] === 'true') return [];
  return Object.keys(annotations).filter((key) => ofAnyNetwork.test(key) && annotations[key] !== before[key]);
}

function judgeOther(
  key: string,
  value: unknown,
  { cluster, name }: WrittenObject,
  facts: AddressFacts,
  { access }: RequestContext,
) {
  if (key.endsWith('/logical_switch')) {
    return judgeAddresses({ subnet: String(value) }, undefined, facts).map((issue) => ({ ...issue, annotation: key }));
  }
  // Addresses outside that are nobody's are for who may make them.
  if (access.allowed('CREATE', { subject: 'kubeovn.io/OvnEip', cluster, name })) return [];
  return [{ annotation: key, code: 'not_yours', message: `${key} is for administrators: bind an elastic IP instead` }];
}

function hasKubeOvn({ cluster }: WrittenObject, context: RequestContext): boolean {
  const { capabilities } = context.cluster(cluster);
  return capabilities.find(({ name }) => name === 'vpc-network')?.isInstalled !== false;
}

async function readFacts({ cluster, namespace = '' }: WrittenObject, context: RequestContext): Promise<AddressFacts> {
  const readers = [context.principal, systemPrincipal].map((who) =>
    context.cluster(cluster).reader(who, context.signal),
  );
  const [vpcs, subnets, pools, ips] = await Promise.all([
    every(readers, vpcKind),
    every(readers, subnetKind),
    every(readers, ipPoolKind),
    every(readers, ipKind),
  ]);
  const mayUse: AddressFacts['mayUse'] = (subnet) => context.access.allowed('READ', subnet);
  return { namespace, vpcs, subnets, pools, ips, mayUse };
}

/** Also what the caller does not see; the caller's own reader knows what the caller wrote a moment ago. */
async function every<T>(readers: readonly ClusterReader[], kind: KindRef<T>): Promise<readonly KubeObject<T>[]> {
  const lists = await Promise.all(readers.map((reader) => reader.list(kind)));
  return [...new Map(lists.flatMap(({ items }) => items).map((object) => [object.metadata.uid, object])).values()];
}

function isNode(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
