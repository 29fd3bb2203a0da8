import { descriptionText } from 'longshore/plugins/core';
import {
  AnswerError,
  answerOf,
  type ChangedThing,
  checkText,
  encodeGlobalId,
  errorRef,
  type FieldBuilder,
  type InputTypeRef,
  inputRef,
  isOfKind,
  type LongshoreBuilder,
  type MutationSuccess,
  NotFoundError,
  origin,
  type RaisedWarning,
  type RequestContext,
  readObject,
  registerMutation,
  subjectOf,
  type TypeRef,
  typeRef,
  type ValidationIssue,
} from 'longshore/sdk';
import { natGatewayTypeRef } from '../../api.ts';
import { natName } from '../../profile-keys/nat.ts';
import { bandwidthOf, checkBandwidth } from '../../services/nat/check-bandwidth.ts';
import { defaultRouteOf } from '../../services/nat/default-route.ts';
import { makeNatGateway } from '../../services/nat/make-nat-gateway.ts';
import { type NatGatewayObject, natGatewayKind } from '../../services/nat/nat-kinds.ts';
import { loadOvn } from '../../services/nat/nat-targets.ts';
import { gatewayOfVpc } from '../../services/nat/nat-view.ts';
import { planNatGateway, type WantedGateway } from '../../services/nat/plan-nat-gateway.ts';
import { readWholeNat } from '../../services/nat/read-whole-nat.ts';
import { ownerOf, placeOfOwner, profilePlaceOf } from '../../services/ownership/owner.ts';
import { type SubnetObject, subnetKind, type VpcObject, vpcKind } from '../../services/vpc/kube-ovn-kinds.ts';

/** Most clusters of one request. */
const mostPlaces = 50;
/** Most SNAT rules that one gateway is made with. */
const mostRules = 100;

interface SnatInput {
  readonly subnetId: string;
  readonly description?: string | null | undefined;
}
interface PlaceInput {
  readonly vpcId: string;
  readonly subnetId?: string | null | undefined;
  readonly snatRules?: readonly SnatInput[] | null | undefined;
}

/** What became of a gateway in one cluster. */
interface GatewayResult {
  readonly cluster: string;
  readonly gateway: NatGatewayObject | null;
  readonly error?: AnswerError;
}

const placeInputRef: InputTypeRef<PlaceInput> = inputRef<PlaceInput>('NatGatewayPlaceInput');
const snatInputRef: InputTypeRef<SnatInput> = inputRef<SnatInput>('NatGatewaySnatRuleInput');
const resultRef: TypeRef<GatewayResult> = typeRef<GatewayResult>('NatGatewayResult');

/** Making a NAT gateway in one cluster or several, with its elastic IP and SNAT rules (NET-34). */
export function registerCreateNatGateway(builder: LongshoreBuilder): void {
  registerTypes(builder);
  registerMutation(builder, {
    name: 'createNatGateway',
    description:
      'Makes a NAT gateway in one VPC, or under the same name in a VPC of each of several clusters, with an elastic IP of the given bandwidth and SNAT rules for the subnets that are named, and leads the default route of the VPC to it (NET-34). All is checked before anything is made; then each cluster has its own result, and what was half made in one is taken away again. A VPC that has a gateway answers an `InUseError` (NET-35).',
    allow: { action: 'CREATE', subject: subjectOf(natGatewayKind) },
    input: (t) => ({
      name: t.string({ required: true, description: 'Its name, by the rule `nat.name` of the profile.' }),
      description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
      bandwidthMbps: t.int({
        description:
          'Mbit/s of its elastic IP, both ways: `nat.bandwidthMin` to `nat.bandwidthMax` of the profile; `nat.bandwidthDefault` where it is not set.',
      }),
      places: t.field({
        type: [placeInputRef],
        required: true,
        description: `The VPCs that get one, 1 to ${mostPlaces}, one of each cluster.`,
      }),
    }),
    warn: {
      codes: ['DEFAULT_ROUTE_REPLACED'],
      find: async (_input, wanted: readonly WantedGateway[], context) => {
        const warnings = await Promise.all(wanted.map((each, index) => warnOfRoute(each, index, context)));
        return warnings.flat();
      },
    },
    validate: ({ places }) => checkPlaces(places as unknown as readonly PlaceInput[]),
    load: async ({ name, places }, context) => {
      const wanted = await Promise.all(
        (places as unknown as readonly PlaceInput[]).map((place) => loadPlace(name, place, context)),
      );
      const [first] = wanted;
      if (!first) throw new Error('validated: there is a place');
      const { cluster } = first;
      const owner = ownerOf(first.vpc.metadata);
      return {
        value: wanted,
        instance: { subject: subjectOf(natGatewayKind), cluster, name, ...placeOfOwner(owner) },
        place: profilePlaceOf(cluster, owner),
        record: {
          plugin: 'network',
          type: 'NatGateway',
          id: idOf(cluster, name),
          cluster,
          kind: natGatewayKind.kind,
          name,
        },
      };
    },
    check: ({ name, description, bandwidthMbps }, wanted: readonly WantedGateway[], { services }) => {
      const issues = wanted.flatMap(({ cluster, vpc, snatRules }) => {
        const profile = services.profiles.at(profilePlaceOf(cluster, ownerOf(vpc.metadata)));
        return [
          ...checkText(profile.get(natName), 'name', name),
          ...checkText(profile.get(descriptionText), 'description', description ?? ''),
          ...checkBandwidth(profile, bandwidthMbps),
          ...snatRules.flatMap((rule) => checkText(profile.get(descriptionText), 'snatRules', rule.description ?? '')),
        ];
      });
      return [...new Map(issues.map((issue) => [JSON.stringify(issue), issue])).values()];
    },
    run: async ({ name, description, bandwidthMbps }, wanted: readonly WantedGateway[], ticket, context) => {
      for (const { cluster, vpc } of wanted) {
        const place = placeOfOwner(ownerOf(vpc.metadata));
        context.access.requireAllowed('CREATE', { subject: subjectOf(natGatewayKind), cluster, name, ...place });
      }
      const plans = await Promise.all(wanted.map((each) => planNatGateway(each, context)));
      const results: GatewayResult[] = [];
      const recorded: ChangedThing[] = [];
      const warnings: string[] = [];
      for (const plan of plans) {
        const profile = context.services.profiles.at(profilePlaceOf(plan.cluster, plan.owner));
        try {
          const more = { description, bandwidthMbps: bandwidthOf(profile, bandwidthMbps) };
          const made = await makeNatGateway({ ...plan, ...more }, ticket, context);
          results.push({ cluster: plan.cluster, gateway: made.gateway });
          recorded.push(...made.recorded);
          warnings.push(...made.warnings);
        } catch (error) {
          if (!(error instanceof AnswerError) || plans.length === 1) throw error;
          results.push({ cluster: plan.cluster, gateway: null, error });
        }
      }
      const failed = results.find(({ error }) => error);
      if (failed?.error && results.every(({ gateway }) => gateway === null)) throw failed.error;
      const [first] = results.flatMap(({ gateway }) => gateway ?? []);
      return {
        value: results,
        resultId: idOf(results.find(({ gateway }) => gateway)?.cluster ?? '', name),
        before: undefined,
        after: first,
        recorded,
        warnings,
      };
    },
    replay: async (node, context, { name, places }) => {
      if (!isOfKind(node, natGatewayKind)) return null;
      const clusters = (places as unknown as readonly PlaceInput[]).map(({ vpcId }) => clusterOf(vpcId, context));
      const found = (await Promise.all(clusters)).map(async (cluster): Promise<GatewayResult> => {
        const gateway = await readObject(context, natGatewayKind, cluster, undefined, name);
        return gateway
          ? { cluster, gateway }
          : { cluster, gateway, error: new NotFoundError('There is no such gateway') };
      });
      return Promise.all(found);
    },
    success: {
      description: 'What could be made is made; gateways are CREATING until their pods run.',
      fields: (t: FieldBuilder<MutationSuccess<readonly GatewayResult[]>>) => ({
        results: t.field({
          type: [resultRef],
          description: 'What became of each place, in the order of the input.',
          resolve: ({ value }) => [...value],
        }),
      }),
    },
  });
}

const idOf = (cluster: string, name: string): string =>
  encodeGlobalId({
    of: 'kubernetes',
    cluster,
    group: 'kubeovn.io',
    kind: natGatewayKind.kind,
    namespace: undefined,
    name,
  });

async function loadPlace(
  name: string,
  { vpcId, subnetId, snatRules }: PlaceInput,
  context: RequestContext,
): Promise<WantedGateway> {
  const { value: vpc } = await loadOvn(String(vpcId), vpcKind, context);
  const subnet = async (id: string): Promise<SubnetObject> => (await loadOvn(String(id), subnetKind, context)).value;
  return {
    name,
    cluster: vpc[origin].cluster,
    vpc: vpc as VpcObject,
    subnet: subnetId ? await subnet(subnetId) : undefined,
    snatRules: await Promise.all(
      (snatRules ?? []).map(async (rule) => ({ subnet: await subnet(rule.subnetId), description: rule.description })),
    ),
  };
}

async function clusterOf(vpcId: string, context: RequestContext): Promise<string> {
  const { value } = await loadOvn(String(vpcId), vpcKind, context);
  return value[origin].cluster;
}

function checkPlaces(places: readonly PlaceInput[]): readonly ValidationIssue[] {
  if (places.length < 1 || places.length > mostPlaces) {
    const message = `places must have 1 to ${mostPlaces} entries, got ${places.length}`;
    return [{ path: ['places'], code: places.length < 1 ? 'too_small' : 'too_big', message }];
  }
  return places.flatMap(({ vpcId, snatRules }, index) => {
    const issues: ValidationIssue[] = [];
    if (places.findIndex((other) => other.vpcId === vpcId) !== index) {
      issues.push({ path: ['places', index, 'vpcId'], code: 'duplicate', message: 'This VPC is named twice' });
    }
    const rules = snatRules ?? [];
    if (rules.length > mostRules) {
      const message = `snatRules must have up to ${mostRules} entries, got ${rules.length}`;
      issues.push({ path: ['places', index, 'snatRules'], code: 'too_big', message });
    }
    rules.forEach(({ subnetId }, at) => {
      if (rules.findIndex((other) => other.subnetId === subnetId) === at) return;
      const path = ['places', index, 'snatRules', at, 'subnetId'];
      issues.push({ path, code: 'duplicate', message: 'A subnet has one SNAT rule at most' });
    });
    return issues;
  });
}

/** A route of somebody else would lead elsewhere from then on. */
async function warnOfRoute(
  { vpc, cluster }: WantedGateway,
  index: number,
  context: RequestContext,
): Promise<readonly RaisedWarning[]> {
  const hop = defaultRouteOf(vpc.spec?.staticRoutes ?? []);
  // A VPC that has a gateway is refused as such.
  if (hop === undefined || gatewayOfVpc(await readWholeNat(cluster, context), vpc.metadata.name)) return [];
  const message = `The default route of the VPC '${vpc.metadata.name}' in '${cluster}' leads to ${hop}; it will lead to the gateway.`;
  return [{ code: 'DEFAULT_ROUTE_REPLACED', message, path: ['places', index, 'vpcId'] }];
}

function registerTypes(builder: LongshoreBuilder): void {
  builder.inputType('NatGatewaySnatRuleInput', {
    description: 'An SNAT rule that a gateway is made with.',
    fields: (t) => ({
      subnetId: t.id({ required: true, description: 'The subnet that goes out by it, of the VPC; each once.' }),
      description: t.string({ description: 'What it is for.' }),
    }),
  });
  builder.inputType('NatGatewayPlaceInput', {
    description: 'A VPC, in its cluster, that gets a NAT gateway.',
    fields: (t) => ({
      vpcId: t.id({ required: true, description: "The VPC's id; it says the cluster too." }),
      subnetId: t.id({
        description:
          "The subnet that the gateway stands in itself; the VPC's default, else its first, where it is not set.",
      }),
      snatRules: t.field({ type: [snatInputRef], description: `SNAT rules to begin with, up to ${mostRules}.` }),
    }),
  });
  builder.objectType(resultRef, {
    description: 'What became of a NAT gateway in one cluster.',
    fields: (t) => ({
      cluster: t.exposeString('cluster', { description: 'The cluster.' }),
      ok: t.boolean({
        description: 'Whether it was made, or in a dry run would be.',
        resolve: ({ gateway }) => gateway !== null,
      }),
      natGateway: t.field({
        type: natGatewayTypeRef,
        nullable: true,
        description: 'The gateway; null where it was not made.',
        resolve: ({ gateway }) => gateway,
      }),
      error: t.field({
        type: errorRef,
        nullable: true,
        description: 'Why it was not made; null where it was.',
        resolve: ({ error }) => (error ? answerOf(error) : null),
      }),
    }),
  });
}
