import { tenancyServiceRef } from 'longshore/plugins/core';
import {
  type ChangedThing,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  origin,
  PreconditionError,
  type RequestContext,
  readEveryUser,
  registerMutation,
  subjectOf,
} from 'longshore/sdk';
import { subnetTypeRef, vpcTypeRef } from '../../api.ts';
import { ownerOf, profilePlaceOf } from '../../services/ownership/owner.ts';
import { addSubnets, checkSubnetNames, type SubnetForm } from '../../services/vpc/create-vpc.ts';
import { type SubnetObject, type VpcObject, vpcKind } from '../../services/vpc/kube-ovn-kinds.ts';
import { subnetsOf } from '../../services/vpc/network-uses.ts';
import { displayNameOf, networksOf } from '../../services/vpc/vpc-facts.ts';
import { checkCount } from './create-vpc.ts';
import { checkSubnetForms, mostSubnets, subnetInputRef } from './subnet-input.ts';

/** Adding subnets to a VPC, or the same ones to several (NET-25, NET-26, NET-31). */
export function registerAddSubnets(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'addSubnets',
    description:
      'Makes subnets in a VPC, inside of its range and on no other subnet: by a network of their own, or by a mask, for which a free place is found.',
    allow: { action: 'UPDATE', subject: subjectOf(vpcKind) },
    batch: {
      name: 'addSubnetsToVpcs',
      description: 'Makes the same subnets in several VPCs; those with a mask alone come to lie where each has room.',
      verb: 'CREATE',
    },
    input: (t) => ({
      id: t.id({ required: true, description: "The VPC's id." }),
      subnets: t.field({
        type: [subnetInputRef],
        required: true,
        description: `The subnets, 1 to ${mostSubnets}; their names each once in the VPC.`,
      }),
    }),
    validate: ({ subnets }) => {
      const forms = subnets as readonly SubnetForm[];
      if (forms.length === 0) {
        return [
          { path: ['subnets'], code: 'too_small', message: `subnets must have 1 to ${mostSubnets} entries, got 0` },
        ];
      }
      return [...checkCount(forms), ...checkSubnetNames(forms)];
    },
    load: async ({ id }, context) => {
      const target = await loadOfKind(String(id), vpcKind, context);
      const { metadata, [origin]: from } = target.value;
      return { ...target, thing: 'SUBNET', place: profilePlaceOf(from.cluster, ownerOf(metadata)) };
    },
    check: async ({ subnets }, vpc, context) => {
      const profile = context.services.profiles.at(profilePlaceOf(vpc[origin].cluster, ownerOf(vpc.metadata)));
      return checkSubnetForms(subnets as readonly SubnetForm[], profile, await zonesOf(vpc, context));
    },
    run: async ({ subnets }, vpc, ticket, context) => {
      if (vpc.metadata.deletionTimestamp) {
        throw new PreconditionError('NETWORK_GOING', `VPC '${displayNameOf(vpc)}' is being deleted`);
      }
      const { cluster: name } = vpc[origin];
      const forms = subnets as readonly SubnetForm[];
      const standing = async () => {
        const there = (await readEveryUser(vpc, context, (reader) =>
          subnetsOf(vpc.metadata.name, reader),
        )) as readonly SubnetObject[];
        return there.map((subnet) => ({
          name: context.access.allowed('READ', subnet) ? displayNameOf(subnet) : 'of others',
          objectName: subnet.metadata.name,
          networks: networksOf(subnet),
        }));
      };
      const made = await addSubnets(context.cluster(name), vpc, forms, standing, ticket, context);
      const recorded = made.subnets.map(
        (object): ChangedThing => ({ before: undefined, after: object, object: idOfObject(object) }),
      );
      return { value: made, resultId: idOfObject(vpc), recorded };
    },
    replay: async (node, context, { subnets }) => {
      if (!isOfKind(node, vpcKind)) return null;
      const names = new Set((subnets as readonly SubnetForm[]).map(({ name }) => name));
      const { metadata, [origin]: from } = node;
      const all = await subnetsOf(metadata.name, context.kube(from.cluster));
      return { vpc: node, subnets: all.filter((subnet) => names.has(displayNameOf(subnet))) };
    },
    success: {
      description: 'The subnets are made; their engine follows.',
      fields: (t) => ({
        vpc: t.field({ type: vpcTypeRef, description: 'The VPC.', resolve: ({ value }) => value.vpc }),
        subnets: t.field({
          type: [subnetTypeRef],
          description: 'The subnets as the cluster has them; in a dry run as they would be.',
          resolve: ({ value }) => [...value.subnets],
        }),
      }),
    },
  });
}

/** Zones of the workspace that a VPC is of; undefined for one of the platform. */
async function zonesOf(vpc: VpcObject, context: RequestContext): Promise<readonly string[] | undefined> {
  const uuid = ownerOf(vpc.metadata)?.uuid;
  if (uuid === undefined) return undefined;
  const workspaces = await context.service(tenancyServiceRef).workspaces();
  return workspaces.find((workspace) => workspace.uuid === uuid)?.zones;
}
