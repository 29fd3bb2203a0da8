import type { Pod } from '../../controllers/kubernetes-shapes.ts';
import { parseAddress } from './address-math.ts';
import { ovnProvider, type Subnet } from './kinds.ts';

const attachments = 'k8s.v1.cni.cncf.io/networks';

/** One interface of a pod: the provider gives its annotations their prefix. */
export interface PodNetwork {
  readonly provider: string;
  readonly annotation: (name: string) => string;
  readonly ipName: string;
}

/** The pod's own network, and those it is attached to by name (Multus) that subnets serve with addresses. */
export function podNetworks(pod: Pod, subnets: readonly Subnet[]): PodNetwork[] {
  const { name, namespace = '', annotations } = pod.metadata;
  const port = `${name}.${namespace}`;
  const attached = (annotations?.[attachments] ?? '')
    .split(',')
    .map((each) => each.trim().split('@')[0] ?? '')
    .filter((each) => each !== '')
    .map((each) => {
      const [first = '', second] = each.split('/');
      return second === undefined ? `${first}.${namespace}` : `${second}.${first}`;
    })
    .filter((provider) => subnets.some(({ spec }) => spec?.provider === provider));
  return [
    { provider: ovnProvider, annotation: (key) => `ovn.kubernetes.io/${key}`, ipName: port },
    ...attached.map((provider) => ({
      provider,
      annotation: (key: string) => `${provider}.kubernetes.io/${key}`,
      ipName: `${port}.${provider}`,
    })),
  ];
}

/** The pool of addresses that a pod asks for by its name; undefined where it asks for addresses, or for nothing. */
export function wantedPool({ metadata }: Pod, { annotation }: PodNetwork): string | undefined {
  const text = (metadata.annotations?.[annotation('ip_pool')] ?? '').trim();
  return text === '' || /[,;]/.test(text) || parseAddress(text) !== undefined ? undefined : text;
}

/** Addresses that a pod asks for: each entry is tried in turn, those of a StatefulSet's pod by its number alone. */
export function wantedAddresses(pod: Pod, { annotation }: PodNetwork): string[] {
  const { annotations = {}, name } = pod.metadata;
  const fixed = annotations[annotation('ip_address')] ?? '';
  if (fixed !== '') return [fixed];
  const pool = (annotations[annotation('ip_pool')] ?? '').trim();
  if (pool === '') return [];
  const entries = (pool.includes(';') ? pool.split(';') : pool.split(',')).map((each) => each.trim());
  if (podTypeOf(pod) !== 'StatefulSet') return entries;
  const ordinal = Number(name.slice(name.lastIndexOf('-') + 1));
  return [entries[ordinal] ?? ''].filter((each) => each !== '');
}

export function podTypeOf({ metadata }: Pod): string {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller === true);
  return owner?.kind === 'StatefulSet' ? 'StatefulSet' : '';
}
