import {
  defineKubernetesList,
  type LongshoreBuilder,
  listKubernetesObjects,
  mapMaybe,
  origin,
  registerKubernetesType,
  registerList,
  subjectOf,
} from 'longshore/sdk';
import { addressPoolTypeRef, subnetTypeRef } from '../../api.ts';
import { countPool, ipPoolKind, rangesOfPool, usedOfPool } from '../../services/addresses/address-pools.ts';
import { subnetKind } from '../../services/vpc/kube-ovn-kinds.ts';
import { registerSetAddressPool } from './set-address-pool.ts';

/** Pools of addresses for pods (NET-42). */
export function registerAddresses(builder: LongshoreBuilder): void {
  registerKubernetesType(builder, {
    ref: addressPoolTypeRef,
    kind: ipPoolKind,
    description:
      "Addresses of a subnet that an administrator has imported: nobody gets one but pods that ask for the pool, and those of its namespaces (Kube-OVN's IPPool).",
    fields: (t) => ({
      subnetName: t.string({ description: 'Name of the subnet.', resolve: ({ spec }) => spec?.subnet ?? '' }),
      subnet: t.field({
        type: subnetTypeRef,
        nullable: true,
        description: 'The subnet; null where that is not there for you.',
        resolve: ({ spec, [origin]: { cluster } }, _args, context) =>
          mapMaybe(context.kube(cluster).get(subnetKind, undefined, spec?.subnet ?? ''), (found) => found ?? null),
      }),
      namespaces: t.stringList({
        description:
          'Namespaces that may use it, and whose pods do unless they ask for another address; of none, whoever asks.',
        resolve: ({ spec }) => [...(spec?.namespaces ?? [])],
      }),
      addresses: t.stringList({
        description: 'Its addresses: single ones, ranges as `10.0.0.5..10.0.0.9`, and networks.',
        resolve: ({ spec }) => [...(spec?.ips ?? [])],
      }),
      total: t.string({
        description:
          'How many addresses it has, each counted once; text, since those of IPv6 are more than numbers hold.',
        resolve: (pool) => countPool(rangesOfPool(pool), []).total.toString(),
      }),
      used: t.string({
        description: 'How many of them are given out, as its engine counts them.',
        resolve: (pool) => usedOfPool(pool).toString(),
      }),
      available: t.string({
        description: 'How many are left. Pods that find none stay pending.',
        resolve: (pool) => {
          const left = countPool(rangesOfPool(pool), []).total - usedOfPool(pool);
          return (left > 0n ? left : 0n).toString();
        },
      }),
    }),
  });
  const list = defineKubernetesList(builder, {
    name: 'AddressPool',
    node: addressPoolTypeRef,
    plural: 'address pools',
    isNamespaced: false,
    filter: (t) => ({
      subnet: t.string({ description: 'Only those of the subnet with this name.' }),
      namespace: t.string({ description: 'Only those that this namespace may use.' }),
    }),
    matches: ({ subnet, namespace }) =>
      (({ spec }: { readonly spec?: { readonly subnet?: string; readonly namespaces?: readonly string[] } }) =>
        (!subnet || spec?.subnet === subnet) &&
        (!namespace || !spec?.namespaces?.length || spec.namespaces.includes(namespace))) as never,
  });
  registerList(builder, {
    name: 'addressPools',
    description: 'Pools of addresses for pods, of all clusters: those of your workspaces (NET-42).',
    allow: { action: 'READ', subject: subjectOf(ipPoolKind) },
    list,
    rows: (args, context) => listKubernetesObjects([ipPoolKind], args, context),
  });
  registerSetAddressPool(builder);
}
