import {
  type ChangedThing,
  type Deleted,
  InUseError,
  idOfObject,
  idOfOperation,
  type LongshoreBuilder,
  loadOfKind,
  origin,
  type RequestContext,
  registerDeletion,
  registerMutation,
  replayDeletion,
  sleep,
  subjectOf,
  systemPrincipal,
  UpstreamError,
} from 'longshore/sdk';
import { subnetTypeRef, vpcTypeRef } from '../../api.ts';
import { ownerOf, profilePlaceOf } from '../../services/ownership/owner.ts';
import { type SubnetObject, subnetKind, type VpcObject, vpcKind } from '../../services/vpc/kube-ovn-kinds.ts';
import { everyUser, objectionToVpc } from '../../services/vpc/network-deletion-check.ts';
import { subnetsOf } from '../../services/vpc/network-uses.ts';
import { displayNameOf } from '../../services/vpc/vpc-facts.ts';

/** How long a VPC waits for its subnets to be gone. */
const patienceMs = 10_000;
const lookEveryMs = 200;

/** Deleting VPCs and subnets, in an order that strands nothing (NET-27, NET-28, P41). */
export function registerNetworkDeletions(builder: LongshoreBuilder): void {
  registerDeletion(builder, {
    kind: subnetKind,
    ref: subnetTypeRef,
    description: 'Refused while something uses it, and for one that the platform has planned (NET-28).',
  });
  registerMutation(builder, {
    name: 'deleteVpc',
    description:
      'Deletes a VPC with its subnets. Refused while something is in one of them or leads through it, such as a NAT gateway, and for one that the platform has planned. The subnets go first: the VPC is deleted once they are gone (NET-27).',
    allow: { action: 'DELETE', subject: subjectOf(vpcKind) },
    mustConfirm: 'BY_PROFILE',
    batch: { name: 'deleteVpcs', description: 'Deletes several VPCs, in whatever clusters.' },
    input: (t) => ({ id: t.id({ required: true, description: "The VPC's id." }) }),
    load: async ({ id }, context) => {
      const target = await loadOfKind(String(id), vpcKind, context);
      const { metadata, [origin]: from } = target.value;
      return { ...target, place: profilePlaceOf(from.cluster, ownerOf(metadata)) };
    },
    run: async (_input, vpc, ticket, context) => {
      await requireUnused(vpc, context);
      const subnets = (await everyUser(vpc, context, ({ metadata }, reader) =>
        subnetsOf(metadata.name, reader),
      )) as readonly SubnetObject[];
      const { cluster } = vpc[origin];
      const writer = context.cluster(cluster).writer(context.principal);
      for (const subnet of subnets) context.access.requireAllowed('DELETE', subnet);
      for (const { metadata } of subnets) {
        await writer.delete(ticket, subnetKind, undefined, metadata.name, { uid: metadata.uid });
      }
      if (!ticket.isDryRun) await untilGone(subnets, cluster, context);
      // Whoever came in the meantime is not cut off.
      if (!ticket.isDryRun && subnets.length > 0) await requireUnused(vpc, context);
      const { name, uid } = vpc.metadata;
      await writer.delete(ticket, vpcKind, undefined, name, { uid });
      const now = ticket.isDryRun ? vpc : await context.kube(cluster).get(vpcKind, undefined, name);
      const left = now?.metadata.uid === uid ? now : undefined;
      const value: Deleted<VpcObject> = { id: idOfObject(vpc), object: left };
      const recorded: ChangedThing[] = [
        ...subnets.map((subnet) => ({ before: subnet, after: undefined, object: idOfObject(subnet) })),
        { before: vpc, after: left },
      ];
      return { value, resultId: idOfOperation(ticket), recorded };
    },
    replay: replayDeletion<VpcObject>,
    success: {
      description: 'The VPC and its subnets are deleted, or will be when their finalizers are done.',
      fields: (t) => ({
        id: t.id({ description: 'Its global id.', resolve: ({ value }) => value.id }),
        vpc: t.field({
          type: vpcTypeRef,
          nullable: true,
          description: 'The VPC while it is still there; null once it is gone.',
          resolve: ({ value }) => value.object ?? null,
        }),
      }),
    },
  });
}

async function requireUnused(vpc: VpcObject, context: RequestContext): Promise<void> {
  const objection = await objectionToVpc(vpc, context);
  if (objection) throw new InUseError(objection.message, objection.references);
}

/** Throws where a subnet is held by something that came after it was looked at: then the VPC stays too. */
async function untilGone(subnets: readonly SubnetObject[], cluster: string, context: RequestContext): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    const left: SubnetObject[] = [];
    const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
    for (const subnet of subnets) {
      const now = await reader.get(subnetKind, undefined, subnet.metadata.name);
      if (now?.metadata.uid === subnet.metadata.uid) left.push(now);
    }
    const [first] = left;
    if (first === undefined) return;
    if (waitedMs >= patienceMs) {
      const message = `Subnet '${displayNameOf(first)}' is deleted and not gone yet, so the VPC is still there: try again`;
      throw new UpstreamError(`cluster '${cluster}'`, message);
    }
    await sleep(context.clock, lookEveryMs, context.signal);
  }
}
