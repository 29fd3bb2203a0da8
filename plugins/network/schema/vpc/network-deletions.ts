import {
  type ChangedThing,
  type Deleted,
  idOfObject,
  idOfOperation,
  type LongshoreBuilder,
  loadOfKind,
  origin,
  registerDeletion,
  registerMutation,
  replayDeletion,
  subjectOf,
} from 'longshore/sdk';
import { subnetTypeRef, vpcTypeRef } from '../../api.ts';
import { ownerOf, profilePlaceOf } from '../../services/ownership/owner.ts';
import { subnetKind, type VpcObject, vpcKind } from '../../services/vpc/kube-ovn-kinds.ts';
import { takeDownVpc } from '../../services/vpc/take-down-vpc.ts';

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
      const { cluster } = vpc[origin];
      const { name, uid } = vpc.metadata;
      const subnets = await takeDownVpc(vpc, ticket, context);
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
