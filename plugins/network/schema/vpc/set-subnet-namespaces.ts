import { namespaceKind, tenancyServiceRef } from 'longshore/plugins/core';
import {
  type ChangedThing,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  objectSuccess,
  origin,
  PreconditionError,
  type RequestContext,
  registerMutation,
  subjectOf,
  systemPrincipal,
  type ValidationIssue,
} from 'longshore/sdk';
import { subnetTypeRef } from '../../api.ts';
import { ownerOf } from '../../services/ownership/owner.ts';
import { type SubnetObject, subnetKind, type VpcObject, vpcKind } from '../../services/vpc/kube-ovn-kinds.ts';
import { subnetsOf } from '../../services/vpc/network-uses.ts';
import { displayNameOf } from '../../services/vpc/vpc-facts.ts';

/** Most namespaces of one subnet. */
const mostNamespaces = 200;

/** Which namespaces' pods lie in a subnet (VND-04): Kube-OVN wants them in its VPC too. */
export function registerSetSubnetNamespaces(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'setSubnetNamespaces',
    description:
      'Says whose pods lie in a subnet: those of these namespaces and of no others, unless they choose another subnet. Pods that run keep their addresses until they are made anew.',
    allow: { action: 'UPDATE', subject: subjectOf(subnetKind) },
    input: (t) => ({
      id: t.id({ required: true, description: "The subnet's id." }),
      namespaces: t.stringList({
        required: true,
        description: `Names of the namespaces, up to ${mostNamespaces}, each once: of the workspace that the subnet is of.`,
      }),
    }),
    validate: ({ namespaces }) => {
      const refuse = (code: string, message: string) => [{ path: ['namespaces'], code, message }];
      if (namespaces.length > mostNamespaces) {
        return refuse('too_big', `namespaces must have up to ${mostNamespaces} entries, got ${namespaces.length}`);
      }
      return new Set(namespaces).size < namespaces.length
        ? refuse('duplicate', 'namespaces must not name one twice')
        : [];
    },
    load: ({ id }, context) => loadOfKind(String(id), subnetKind, context),
    check: async ({ namespaces }, subnet, context) => {
      const issues = await Promise.all(
        namespaces.map((name, index) => checkNamespace(name, ['namespaces', index], subnet, context)),
      );
      return issues.flat();
    },
    run: async ({ namespaces }, subnet, ticket, context) => {
      const { cluster } = subnet[origin];
      const vpc = await vpcOf(subnet, context);
      context.access.requireAllowed('UPDATE', vpc);
      const writer = context.cluster(cluster).writer(context.principal);
      const setVpc = (names: readonly string[]) =>
        writer.patch(ticket, vpcKind, undefined, vpc.metadata.name, { spec: { namespaces: [...names].sort() } });
      const before = vpc.spec?.namespaces ?? [];
      const elsewhere = await namespacesOfOthers(subnet, vpc, context);
      const wanted = [...new Set([...elsewhere, ...namespaces])];
      const recorded: ChangedThing[] = [];
      // 1. The VPC takes them in first, and lets go of them last: in between a subnet would name what its VPC refuses.
      const all = [...new Set([...before, ...wanted])];
      if (all.length > before.length) {
        const { object } = await setVpc(all);
        recorded.push({ before: vpc, after: object, object: idOfObject(vpc) });
      }
      // 2. The subnet.
      const { object, warnings } = await writer.patch(ticket, subnetKind, undefined, subnet.metadata.name, {
        spec: { namespaces: [...namespaces].sort() },
      });
      recorded.push({ before: subnet, after: object });
      // 3. What no subnet names any more.
      if (wanted.length < all.length) {
        const done = await setVpc(wanted);
        recorded.push({ before: vpc, after: done.object, object: idOfObject(vpc) });
      }
      return { value: object, resultId: idOfObject(subnet), recorded, warnings };
    },
    replay: (node): SubnetObject | null => (isOfKind(node, subnetKind) ? node : null),
    success: objectSuccess('The subnet takes in the pods of these namespaces from now on.', 'subnet', subnetTypeRef),
  });
}

async function checkNamespace(
  name: string,
  path: readonly (string | number)[],
  subnet: SubnetObject,
  context: RequestContext,
): Promise<readonly ValidationIssue[]> {
  const { cluster } = subnet[origin];
  const refuse = (code: string, message: string) => [{ path, code, message }];
  if (!(await context.kube(cluster).get(namespaceKind, undefined, name))) {
    return refuse('unknown_namespace', `There is no namespace '${name}' in cluster '${cluster}'`);
  }
  const owner = ownerOf(subnet.metadata)?.uuid ?? null;
  const binding = context.service(tenancyServiceRef).bindingOf(cluster, name);
  if (owner !== null && binding?.workspaceUuid !== owner) {
    return refuse('other_workspace', `Namespace '${name}' is not of the workspace that the subnet is of`);
  }
  const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
  const { items } = await reader.list(subnetKind);
  const rival = items.find(
    (other) => other.spec?.vpc !== subnet.spec?.vpc && other.spec?.namespaces?.includes(name) === true,
  );
  if (!rival) return [];
  const where = context.access.allowed('READ', rival)
    ? `subnet '${displayNameOf(rival)}' of another VPC`
    : 'another VPC';
  return refuse('bound_elsewhere', `Namespace '${name}' lies in ${where} already`);
}

async function vpcOf(subnet: SubnetObject, context: RequestContext): Promise<VpcObject> {
  const vpc = await context.kube(subnet[origin].cluster).get(vpcKind, undefined, subnet.spec?.vpc ?? '');
  if (vpc) return vpc;
  throw new PreconditionError('VPC_MISSING', `The VPC of subnet '${displayNameOf(subnet)}' is not there`);
}

/** Namespaces that the other subnets of the VPC name. */
async function namespacesOfOthers(
  { metadata, [origin]: { cluster } }: SubnetObject,
  vpc: VpcObject,
  context: RequestContext,
): Promise<readonly string[]> {
  const subnets = await subnetsOf(vpc.metadata.name, context.cluster(cluster).reader(systemPrincipal, context.signal));
  return subnets.filter((other) => other.metadata.name !== metadata.name).flatMap(({ spec }) => spec?.namespaces ?? []);
}
