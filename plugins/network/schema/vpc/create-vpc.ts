import { descriptionNetworkText } from 'longshore/plugins/core';
import {
  answerOf,
  type ChangedThing,
  type Cluster,
  checkText,
  encodeGlobalId,
  errorRef,
  idOfObject,
  type LongshoreBuilder,
  NotFoundError,
  type RequestContext,
  registerMutation,
  subjectOf,
  typeRef,
  type ValidationIssue,
} from 'longshore/sdk';
import { subnetTypeRef, vpcTypeRef } from '../../api.ts';
import { vpcAllowedCidrs, vpcName } from '../../profile-keys/vpc.ts';
import { findOwner, placeOfOwner, profilePlaceOf } from '../../services/ownership/owner.ts';
import { requireNetworkQuota } from '../../services/quotas/network-quotas.ts';
import { checkVpcCidr } from '../../services/vpc/allowed-cidrs.ts';
import {
  checkSubnetNames,
  limitsAt,
  type MadeVpc,
  makeVpc,
  planNewVpc,
  type SubnetForm,
  tryCluster,
  type VpcForm,
  vpcNameOf,
} from '../../services/vpc/create-vpc.ts';
import { subnetKind, vpcKind } from '../../services/vpc/kube-ovn-kinds.ts';
import { requireKubeOvn } from '../../services/vpc/require-kube-ovn.ts';
import { checkSubnetForms, mostSubnets, registerSubnetInput, subnetInputRef } from './subnet-input.ts';

const resultRef = typeRef<MadeVpc>('CreateVpcResult');

/** Most clusters of one call. */
const mostClusters = 50;

interface Target {
  readonly form: VpcForm;
  readonly clusters: readonly Cluster[];
}

/** Making a VPC with its subnets, the same in several clusters (NET-24, NET-30, NET-31). */
export function registerCreateVpc(builder: LongshoreBuilder): void {
  registerSubnetInput(builder);
  registerResult(builder);
  registerMutation(builder, {
    name: 'createVpc',
    description:
      'Makes a VPC with its subnets, the same in each of the clusters. All are checked first: nothing is made where something stands against one. Then each cluster is done by itself, and what fails in one leaves the others as they are.',
    allow: { action: 'CREATE', subject: subjectOf(vpcKind) },
    input: (t) => ({
      clusters: t.stringList({
        required: true,
        description: `Names of the clusters, 1 to ${mostClusters}, each once.`,
      }),
      workspaceId: t.id({
        description:
          'The workspace that it shall be of, whose members then see it; one of no workspace is for administrators.',
      }),
      name: t.string({
        required: true,
        description: 'What people call it, once in a workspace and cluster: by `vpc.name` of the profile.',
      }),
      cidr: t.string({
        required: true,
        description: 'The range of its subnets, for good: by `vpc.allowedCidrs` of the profile, e.g. 10.0.0.0/16.',
      }),
      description: t.string({ description: 'What it is for: by `description.networkText` of the profile.' }),
      subnets: t.field({
        type: [subnetInputRef],
        description: `Its subnets, up to ${mostSubnets}; the first is the default one. Where none is given, one called \`default\` is made.`,
      }),
    }),
    validate: ({ clusters, subnets }) => [
      ...checkClusters(clusters),
      ...checkCount(subnets as readonly SubnetForm[] | null | undefined),
      ...checkSubnetNames((subnets ?? []) as readonly SubnetForm[]),
    ],
    load: async (input, context) => {
      const subject = subjectOf(vpcKind);
      const owner = await findOwner(input.workspaceId, context).catch((error: unknown) => {
        // Whoever could make none is told the same as where the workspace is there.
        const [cluster] = input.clusters;
        context.access.requireAllowed('READ', { subject, cluster, name: input.name });
        throw error;
      });
      const form = formOf(input, owner);
      const name = vpcNameOf(form);
      const place = placeOfOwner(owner);
      const clusters = input.clusters.map((cluster) => context.cluster(cluster));
      for (const { name: cluster } of clusters)
        context.access.requireAllowed('CREATE', { subject, cluster, name: form.name, ...place });
      const [first] = input.clusters;
      const single = input.clusters.length === 1 ? first : undefined;
      return {
        value: { form, clusters } satisfies Target,
        instance: { subject, cluster: first, name: form.name, ...place },
        place: profilePlaceOf(first ?? '', owner),
        record: {
          plugin: 'network',
          type: 'Vpc',
          id: idOf(first ?? '', name),
          cluster: single,
          kind: 'Vpc',
          name: form.name,
        },
      };
    },
    check: ({ description }, { form, clusters }, context) => {
      const issues = clusters.flatMap((cluster) => checkForm(form, description, cluster.name, context));
      return [...new Map(issues.map((issue) => [JSON.stringify([issue.path, issue.code]), issue])).values()];
    },
    run: async (_input, { form, clusters }, ticket, context) => {
      for (const cluster of clusters) requireKubeOvn(cluster);
      for (const cluster of clusters) await requireNetworkQuota('VPC', cluster, form.owner, context);
      const results = await Promise.all(
        clusters.map((cluster) =>
          tryCluster(cluster.name, async () => {
            const { planned } = planNewVpc(form, limitsAt(context, cluster.name, form.owner));
            return makeVpc(cluster, form, planned, ticket, context);
          }),
        ),
      );
      const [first] = results;
      if (first?.error && results.every(({ error }) => error)) throw first.error;
      const recorded = results.flatMap(({ vpc, subnets }): ChangedThing[] =>
        [...(vpc ? [vpc] : []), ...subnets].map((object) => ({
          before: undefined,
          after: object,
          object: idOfObject(object),
        })),
      );
      const made = results.find(({ error }) => !error) ?? first;
      return { value: results, resultId: idOf(made?.cluster ?? '', vpcNameOf(form)), recorded };
    },
    replay: async (_node, context, input): Promise<readonly MadeVpc[]> => {
      const owner = await findOwner(input.workspaceId, context);
      const name = vpcNameOf({ owner, name: input.name });
      return Promise.all(input.clusters.map((cluster) => readAgain(cluster, name, context)));
    },
    success: {
      description: 'What could be made is made; its engine follows.',
      fields: (t) => ({
        results: t.field({
          type: [resultRef],
          description: 'What became of it in each cluster, in the order of the input.',
          resolve: ({ value }) => [...value],
        }),
      }),
    },
  });
}

function formOf(
  input: {
    readonly name: string;
    readonly cidr: string;
    readonly description?: string | null | undefined;
    readonly subnets?: unknown;
  },
  owner: VpcForm['owner'],
): VpcForm {
  const { name, cidr, description, subnets } = input;
  const given = (subnets ?? []) as readonly SubnetForm[];
  return { name, cidr, description, owner, subnets: given.length > 0 ? given : [{ name: 'default' }] };
}

function checkForm(
  form: VpcForm,
  description: string | null | undefined,
  cluster: string,
  context: RequestContext,
): readonly ValidationIssue[] {
  const profile = context.services.profiles.at(profilePlaceOf(cluster, form.owner));
  const isPlain = form.subnets.every(({ name, cidr, mask }) => name === 'default' && !cidr && !mask);
  const issues = [
    ...checkText(profile.get(vpcName), 'name', form.name),
    ...checkVpcCidr(form.cidr, profile.get(vpcAllowedCidrs)),
    ...(description ? checkText(profile.get(descriptionNetworkText), 'description', description) : []),
    ...(isPlain && !form.subnets[0]?.zone ? [] : checkSubnetForms(form.subnets, profile, form.owner?.workspace?.zones)),
  ];
  return issues.length > 0 ? issues : planNewVpc(form, limitsAt(context, cluster, form.owner)).issues;
}

function checkClusters(clusters: readonly string[]): readonly ValidationIssue[] {
  const refuse = (code: string, message: string) => [{ path: ['clusters'], code, message }];
  if (clusters.length === 0) return refuse('too_small', `clusters must have 1 to ${mostClusters} entries, got 0`);
  if (clusters.length > mostClusters) {
    return refuse('too_big', `clusters must have 1 to ${mostClusters} entries, got ${clusters.length}`);
  }
  return new Set(clusters).size < clusters.length ? refuse('duplicate', 'clusters must not name one twice') : [];
}

export function checkCount(subnets: readonly SubnetForm[] | null | undefined): readonly ValidationIssue[] {
  if ((subnets?.length ?? 0) <= mostSubnets) return [];
  const message = `subnets must have up to ${mostSubnets} entries, got ${subnets?.length}`;
  return [{ path: ['subnets'], code: 'too_big', message }];
}

async function readAgain(cluster: string, name: string, context: RequestContext): Promise<MadeVpc> {
  const reader = context.kube(cluster);
  const vpc = await reader.get(vpcKind, undefined, name);
  if (!vpc) return { cluster, subnets: [], error: new NotFoundError(`There is no such VPC in cluster '${cluster}'.`) };
  return { cluster, vpc, subnets: [...(await reader.byIndex(subnetKind, 'vpc', name))] };
}

const idOf = (cluster: string, name: string): string =>
  encodeGlobalId({ of: 'kubernetes', cluster, group: vpcKind.group, kind: vpcKind.kind, namespace: undefined, name });

function registerResult(builder: LongshoreBuilder): void {
  builder.objectType(resultRef, {
    description: 'What became of a new VPC in one cluster.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: "The cluster's name." }),
      ok: t.boolean({ description: 'Whether it is done.', resolve: ({ error }) => error === undefined }),
      error: t.field({
        type: errorRef,
        nullable: true,
        description: 'What stood against it; null where it is done.',
        resolve: ({ error }) => (error ? answerOf(error) : null),
      }),
      vpc: t.field({
        type: vpcTypeRef,
        nullable: true,
        description: 'The VPC; in a dry run as it would be. Null where it was not made.',
        resolve: ({ vpc }) => vpc ?? null,
      }),
      subnets: t.field({
        type: [subnetTypeRef],
        description: 'Its subnets, as far as they were made.',
        resolve: ({ subnets }) => [...subnets],
      }),
    }),
  });
}
