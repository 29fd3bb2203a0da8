import {
  ConflictError,
  encodeGlobalId,
  idOfObject,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  objectSuccess,
  origin,
  PreconditionError,
  type RequestContext,
  registerDeletion,
  registerMutation,
  subjectOf,
  systemPrincipal,
  type ValidationIssue,
} from 'longshore/sdk';
import { securityGroupTypeRef } from '../../api.ts';
import { type SecurityGroupObject, securityGroupKind, vpcNameOfGroup } from '../../services/groups/group-kinds.ts';
import {
  checkGroupForm,
  type GroupForm,
  groupManifest,
  groupsNamedBy,
  writeGroupSpec,
} from '../../services/groups/plan-group.ts';
import { ownerOf, placeOfOwner, profilePlaceOf } from '../../services/ownership/owner.ts';
import { type VpcObject, vpcKind } from '../../services/vpc/kube-ovn-kinds.ts';
import { networkObjectName } from '../../services/vpc/network-names.ts';
import { subnetsOf } from '../../services/vpc/network-uses.ts';
import { wordsOf } from '../../services/vpc/network-words.ts';
import { displayNameOf } from '../../services/vpc/vpc-facts.ts';
import { groupFields } from './group-inputs.ts';

const subject = subjectOf(securityGroupKind);

/** Making, changing and deleting security groups (NET-32). */
export function registerGroupMutations(builder: LongshoreBuilder): void {
  registerCreate(builder);
  registerUpdate(builder);
  registerDeletion(builder, {
    kind: securityGroupKind,
    ref: securityGroupTypeRef,
    description:
      'While pods are in it, or rules of other groups name it, the answer is an `InUseError` with what the caller may see of that as `references` (NET-32).',
  });
}

function registerCreate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'createSecurityGroup',
    description:
      'Makes a security group for the pods of a VPC, which must have a subnet; of the workspace that the VPC is of. What its rules let through passes, with the answers to it, and nothing else. It counts for the pods of workloads that `setSecurityGroups` puts into it (NET-32).',
    allow: { action: 'CREATE', subject },
    input: (t) => ({
      vpcId: t.id({ required: true, description: 'The VPC that it is for, for good.' }),
      name: t.string({
        required: true,
        description: 'What people call it, once in the VPC: by `vpc.name` of the profile.',
      }),
      ...groupFields(t),
    }),
    load: async ({ vpcId, name }, context) => {
      const { value: vpc } = await loadOfKind(String(vpcId), vpcKind, context);
      const { cluster } = vpc[origin];
      const owner = ownerOf(vpc.metadata);
      const objectName = nameOf(vpc, name);
      const { group, kind } = securityGroupKind;
      return {
        value: { vpc, objectName },
        instance: { subject, cluster, name: objectName, ...placeOfOwner(owner) },
        place: profilePlaceOf(cluster, owner),
        record: {
          plugin: 'network',
          type: kind,
          id: encodeGlobalId({ of: 'kubernetes', cluster, group, kind, namespace: undefined, name: objectName }),
          cluster,
          kind,
          name,
        },
      };
    },
    check: (input, { vpc }, context) => checkForm(input as GroupForm, vpc, context),
    run: async (input, { vpc, objectName }, ticket, context) => {
      const { cluster: name } = vpc[origin];
      await requireSubnet(vpc, context);
      const form = input as GroupForm & { readonly name: string };
      const manifest = groupManifest({ objectName, vpc: vpc.metadata.name, owner: ownerOf(vpc.metadata), form });
      const writer = context.cluster(name).writer(context.principal);
      try {
        const { object, warnings } = await writer.create(ticket, securityGroupKind, manifest);
        return { value: object, resultId: idOfObject(object), before: undefined, after: object, warnings };
      } catch (error) {
        if (!(error instanceof ConflictError)) throw error;
        throw new ConflictError(`There is a security group '${form.name}' in this VPC already.`, { cause: error });
      }
    },
    replay: asGroup,
    success: objectSuccess('The group is made; its engine follows.', 'securityGroup', securityGroupTypeRef),
  });
}

function registerUpdate(builder: LongshoreBuilder): void {
  registerMutation(builder, {
    name: 'updateSecurityGroup',
    description:
      'Changes what is given of a security group and keeps the rest; rules of a direction are given whole. They count for its pods at once.',
    allow: { action: 'UPDATE', subject },
    input: (t) => ({
      id: t.id({ required: true, description: "The group's id." }),
      name: t.string({ description: 'What people call it, once in the VPC: by `vpc.name` of the profile.' }),
      ...groupFields(t),
      resourceVersion: t.string({
        description: 'The version that the form was filled from: another one is a conflict. Any where none is given.',
      }),
    }),
    load: async ({ id }, context) => {
      const target = await loadOfKind(String(id), securityGroupKind, context);
      const { metadata, [origin]: from } = target.value;
      return { ...target, place: profilePlaceOf(from.cluster, ownerOf(metadata)) };
    },
    check: async (input, group, context) => {
      const vpc = await vpcOf(group, context);
      return checkForm(input as GroupForm, vpc ?? group, context, group);
    },
    run: async (input, group, ticket, context) => {
      const { name, uid } = group.metadata;
      const form = input as GroupForm;
      const writer = context.cluster(group[origin].cluster).writer(context.principal);
      const patch = { metadata: { annotations: wordsOf(form) }, spec: writeGroupSpec(form) };
      const { resourceVersion } = input;
      const { object, warnings } = await writer.patch(ticket, securityGroupKind, undefined, name, patch, {
        uid,
        ...(resourceVersion ? { resourceVersion } : {}),
      });
      return { value: object, resultId: idOfObject(group), before: group, after: object, warnings };
    },
    replay: asGroup,
    success: objectSuccess('The group is changed; its engine follows.', 'securityGroup', securityGroupTypeRef),
  });
}

const asGroup = (node: unknown): SecurityGroupObject | null => (isOfKind(node, securityGroupKind) ? node : null);

const nameOf = (vpc: VpcObject, name: string): string => networkObjectName('sg', vpc.metadata.name, name);

/** What the form, the profile and the other groups of the VPC have against it. */
async function checkForm(
  form: GroupForm,
  at: VpcObject | SecurityGroupObject,
  context: RequestContext,
  own?: SecurityGroupObject,
): Promise<readonly ValidationIssue[]> {
  const { cluster } = at[origin];
  const profile = context.services.profiles.at(profilePlaceOf(cluster, ownerOf(at.metadata)));
  const vpc = own ? vpcNameOfGroup(own) : at.metadata.name;
  const found = await Promise.all(
    groupsNamedBy(form).map(async ({ path, name, cluster: of }): Promise<readonly ValidationIssue[]> => {
      const group =
        name !== undefined && of === cluster
          ? await context.kube(cluster).get(securityGroupKind, undefined, name)
          : undefined;
      if (!group || !context.access.allowed('READ', group)) {
        return [{ path, code: 'unknown_group', message: 'securityGroupId must name a security group of this cluster' }];
      }
      if (vpcNameOfGroup(group) === vpc) return [];
      return [
        { path, code: 'other_vpc', message: `'${displayNameOf(group)}' is for another VPC, which is never reached` },
      ];
    }),
  );
  return [...checkGroupForm(form, profile), ...found.flat(), ...(await checkName(form, vpc, cluster, context, own))];
}

async function checkName(
  { name }: GroupForm,
  vpc: string | undefined,
  cluster: string,
  context: RequestContext,
  own: SecurityGroupObject | undefined,
): Promise<readonly ValidationIssue[]> {
  if (!name || vpc === undefined) return [];
  const reader = context.cluster(cluster).reader(systemPrincipal, context.signal);
  const others = (await reader.byIndex(securityGroupKind, 'vpc', vpc)).filter(
    ({ metadata }) => metadata.uid !== own?.metadata.uid,
  );
  if (!others.some((other) => displayNameOf(other) === name)) return [];
  return [{ path: ['name'], code: 'name_taken', message: `There is a security group '${name}' in this VPC already` }];
}

async function vpcOf(group: SecurityGroupObject, context: RequestContext): Promise<VpcObject | undefined> {
  const name = vpcNameOfGroup(group);
  return name ? context.kube(group[origin].cluster).get(vpcKind, undefined, name) : undefined;
}

/** A group is for pods in a subnet (NET-32). */
async function requireSubnet(vpc: VpcObject, context: RequestContext): Promise<void> {
  const called = displayNameOf(vpc);
  if (vpc.metadata.deletionTimestamp) {
    throw new PreconditionError('NETWORK_GOING', `VPC '${called}' is being deleted`);
  }
  const cluster = context.cluster(vpc[origin].cluster);
  const found = await Promise.all(
    [context.principal, systemPrincipal].map((who) =>
      subnetsOf(vpc.metadata.name, cluster.reader(who, context.signal)),
    ),
  );
  if (found.flat().some(({ metadata }) => !metadata.deletionTimestamp)) return;
  throw new PreconditionError('VPC_WITHOUT_SUBNET', `VPC '${called}' has no subnet: add one first`);
}
