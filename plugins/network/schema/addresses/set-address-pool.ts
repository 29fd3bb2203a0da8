import { namespaceKind } from 'longshore/plugins/core';
import {
  encodeGlobalId,
  isOfKind,
  type LongshoreBuilder,
  objectSuccess,
  origin,
  registerMutation,
  subjectOf,
  type ValidationIssue,
} from 'longshore/sdk';
import { addressPoolTypeRef } from '../../api.ts';
import { type IpPoolObject, ipPoolKind } from '../../services/addresses/address-pools.ts';
import { checkPoolAddresses, everyPool, requireFreed } from '../../services/addresses/set-address-pool.ts';
import { loadOvn } from '../../services/nat/nat-targets.ts';
import { labelsOfOwner, ownerOf, placeOfOwner, profilePlaceOf } from '../../services/ownership/owner.ts';
import { type SubnetObject, subnetKind } from '../../services/vpc/kube-ovn-kinds.ts';

/** Most entries of one pool, and most namespaces. */
const most = 1_000;
const poolName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

interface Wanted {
  readonly subnet: SubnetObject;
  readonly before: IpPoolObject | undefined;
}

/** Importing addresses for pods, and taking them back (NET-42). */
export function registerSetAddressPool(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'setAddressPool',
    description:
      'Imports addresses of a subnet for pods that ask for them by the name of the pool: makes the pool, or gives one that is there these addresses and no others. What pods hold cannot be taken out: the answer is an `InUseError` with them as references (NET-42). `deleteObject` deletes a pool.',
    allow: { action: 'CREATE', subject: subjectOf(ipPoolKind) },
    input: (t) => ({
      subnetId: t.id({ required: true, description: 'The subnet that the addresses are of; it says the cluster too.' }),
      name: t.string({ required: true, description: "The pool's name, unique in the cluster: a DNS label." }),
      addresses: t.stringList({
        required: true,
        description: `All its addresses: single ones, ranges as \`10.0.0.5..10.0.0.9\` and networks, 1 to ${most} entries of the subnet, none twice and none of another pool.`,
      }),
      namespaces: t.stringList({
        description: `Namespaces that may use it, up to ${most}; whoever asks where none is given.`,
      }),
    }),
    success: objectSuccess('The pool has these addresses.', 'addressPool', addressPoolTypeRef as never),
    validate: ({ name, addresses, namespaces }) => checkSizes(name, addresses, namespaces ?? []),
    load: async ({ subnetId, name }, context) => {
      const { value: subnet } = await loadOvn(String(subnetId), subnetKind, context);
      const { cluster } = subnet[origin];
      const before = await context.kube(cluster).get(ipPoolKind, undefined, name);
      const owner = ownerOf((before ?? subnet).metadata);
      return {
        value: { subnet, before },
        instance: { subject: subjectOf(ipPoolKind), cluster, name, ...placeOfOwner(owner) },
        place: profilePlaceOf(cluster, owner),
        record: {
          plugin: 'network',
          type: 'AddressPool',
          id: idOf(cluster, name),
          cluster,
          kind: ipPoolKind.kind,
          name,
        },
      };
    },
    check: async ({ name, addresses, namespaces }, { subnet, before }: Wanted, context) => {
      const { cluster } = subnet[origin];
      if (before && before.spec?.subnet !== subnet.metadata.name) {
        const message = `The address pool '${name}' is of the subnet '${before.spec?.subnet ?? ''}', for good`;
        return [{ path: ['subnetId'], code: 'immutable', message }];
      }
      const reader = context.kube(cluster);
      const strangers = await Promise.all(
        (namespaces ?? []).map(async (each, index): Promise<readonly ValidationIssue[]> => {
          if (await reader.get(namespaceKind, undefined, each)) return [];
          const message = `There is no namespace '${each}' in cluster '${cluster}'`;
          return [{ path: ['namespaces', index], code: 'unknown_namespace', message }];
        }),
      );
      return [
        ...checkPoolAddresses({ name, subnet, addresses }, await everyPool(cluster, context)),
        ...strangers.flat(),
      ];
    },
    run: async ({ name, addresses, namespaces }, { subnet, before }: Wanted, ticket, context) => {
      const { cluster } = subnet[origin];
      const writer = context.cluster(cluster).writer(context.principal);
      const spec = { subnet: subnet.metadata.name, ips: [...addresses], namespaces: [...(namespaces ?? [])].sort() };
      const resultId = idOf(cluster, name);
      if (!before) {
        const labels = labelsOfOwner(ownerOf(subnet.metadata));
        const { object, warnings } = await writer.create(ticket, ipPoolKind, { metadata: { name, labels }, spec });
        return { value: object, resultId, before: undefined, after: object, warnings };
      }
      context.access.requireAllowed('UPDATE', before);
      await requireFreed(before, addresses, context);
      const { uid, resourceVersion } = before.metadata;
      const preconditions = { uid, resourceVersion };
      const { object, warnings } = await writer.patch(ticket, ipPoolKind, undefined, name, { spec }, preconditions);
      return { value: object, resultId, before, after: object, warnings };
    },
    replay: (node): IpPoolObject | null => (isOfKind(node, ipPoolKind) ? node : null),
  });
}

const idOf = (cluster: string, name: string): string =>
  encodeGlobalId({ of: 'kubernetes', cluster, group: 'kubeovn.io', kind: ipPoolKind.kind, namespace: undefined, name });

function checkSizes(
  name: string,
  addresses: readonly string[],
  namespaces: readonly string[],
): readonly ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  if (!poolName.test(name)) {
    const message =
      "name must be 1 to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit";
    issues.push({ path: ['name'], code: 'invalid_text', message });
  }
  if (addresses.length < 1 || addresses.length > most) {
    const code = addresses.length < 1 ? 'too_small' : 'too_big';
    issues.push({
      path: ['addresses'],
      code,
      message: `addresses must have 1 to ${most} entries, got ${addresses.length}`,
    });
  }
  if (namespaces.length > most) {
    const message = `namespaces must have up to ${most} entries, got ${namespaces.length}`;
    issues.push({ path: ['namespaces'], code: 'too_big', message });
  }
  if (new Set(namespaces).size < namespaces.length) {
    issues.push({ path: ['namespaces'], code: 'duplicate', message: 'namespaces must not name one twice' });
  }
  return issues;
}
