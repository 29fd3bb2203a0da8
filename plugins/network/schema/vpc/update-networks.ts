import { descriptionNetworkText } from 'longshore/plugins/core';
import {
  checkText,
  idOfObject,
  isOfKind,
  type KindRef,
  type KubeObject,
  type LongshoreBuilder,
  loadOfKind,
  objectSuccess,
  origin,
  type RequestContext,
  registerMutation,
  subjectOf,
  systemPrincipal,
  type TypeRef,
  type ValidationIssue,
} from 'longshore/sdk';
import { subnetTypeRef, vpcTypeRef } from '../../api.ts';
import { vpcName } from '../../profile-keys/vpc.ts';
import { ownerOf, profilePlaceOf } from '../../services/ownership/owner.ts';
import { type SubnetObject, subnetKind, type VpcObject, vpcKind } from '../../services/vpc/kube-ovn-kinds.ts';
import { type NetworkWords, wordsOf } from '../../services/vpc/network-words.ts';
import { displayNameOf } from '../../services/vpc/vpc-facts.ts';

/** What VPCs and subnets are called, and what they are for (NET-30, NET-31): nothing else of them can be changed. */
export function registerUpdateNetworks(builder: LongshoreBuilder): void {
  registerUpdate(builder, {
    kind: vpcKind,
    ref: vpcTypeRef,
    field: 'vpc',
    what: 'VPC',
    once: 'once in a workspace and cluster',
    isBeside: (one, other) => ownerOf(one.metadata)?.uuid === ownerOf(other.metadata)?.uuid,
  });
  registerUpdate(builder, {
    kind: subnetKind,
    ref: subnetTypeRef,
    field: 'subnet',
    what: 'subnet',
    once: 'once in its VPC',
    isBeside: (one, other) => one.spec?.vpc === other.spec?.vpc,
  });
}

interface Spec<T> {
  readonly kind: KindRef<T>;
  readonly ref: TypeRef<KubeObject<T>>;
  readonly field: string;
  readonly what: string;
  readonly once: string;
  /** Whether two of them may not be called the same. */
  readonly isBeside: (one: KubeObject<T>, other: KubeObject<T>) => boolean;
}

function registerUpdate<T>(builder: LongshoreBuilder, spec: Spec<T>): void {
  const { kind, ref, field, what, once } = spec;
  registerMutation(builder, {
    name: `update${kind.kind}`,
    description: `Changes what people call a ${what}, and what it is for; what is not given stays.`,
    allow: { action: 'UPDATE', subject: subjectOf(kind) },
    input: (t) => ({
      id: t.id({ required: true, description: `The ${what}'s id.` }),
      name: t.string({ description: `What people call it, ${once}: by \`vpc.name\` of the profile.` }),
      description: t.string({
        description: 'What it is for, by `description.networkText` of the profile; null or nothing takes it away.',
      }),
    }),
    load: async ({ id }, context) => {
      const target = await loadOfKind(String(id), kind, context);
      const { metadata, [origin]: from } = target.value;
      return { ...target, place: profilePlaceOf(from.cluster, ownerOf(metadata)) };
    },
    check: (words, object, context) => checkWords(words, object, spec, context),
    run: async (words, object, ticket, context) => {
      const { name, uid } = object.metadata;
      const writer = context.cluster(object[origin].cluster).writer(context.principal);
      const patch = { metadata: { annotations: wordsOf(words) } };
      const written = await writer.patch(ticket, kind as KindRef, undefined, name, patch, { uid });
      const after = written.object as KubeObject<T>;
      return { value: after, resultId: idOfObject(object), before: object, after, warnings: written.warnings };
    },
    replay: (node): KubeObject<T> | null => (isOfKind(node, kind) ? node : null),
    success: objectSuccess(`The ${what} is changed.`, field, ref),
  });
}

async function checkWords<T>(
  { name, description }: NetworkWords,
  object: KubeObject<T>,
  { kind, what, isBeside }: Spec<T>,
  context: RequestContext,
): Promise<readonly ValidationIssue[]> {
  const { cluster } = object[origin];
  const profile = context.services.profiles.at(profilePlaceOf(cluster, ownerOf(object.metadata)));
  const issues = [
    ...(name === undefined || name === null ? [] : checkText(profile.get(vpcName), 'name', name)),
    ...(description ? checkText(profile.get(descriptionNetworkText), 'description', description) : []),
  ];
  if (!name || name === displayNameOf(object as VpcObject | SubnetObject)) return issues;
  const { items } = await context.cluster(cluster).reader(systemPrincipal, context.signal).list(kind);
  const isTaken = items.some(
    (other) =>
      other.metadata.uid !== object.metadata.uid &&
      displayNameOf(other as VpcObject | SubnetObject) === name &&
      isBeside(object, other),
  );
  if (!isTaken) return issues;
  return [...issues, { path: ['name'], code: 'name_taken', message: `There is a ${what} '${name}' already` }];
}
