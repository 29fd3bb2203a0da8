import {
  AnswerError,
  type Cluster,
  ConflictError,
  type OperationHandle,
  type RequestContext,
  systemPrincipal,
  ValidationError,
  type ValidationIssue,
} from 'longshore/sdk';
import { subnetMaskDefault, subnetMaskMax, subnetMaskMin, subnetReserved } from '../../profile-keys/vpc.ts';
import { type Owner, ownerOf, profilePlaceOf } from '../ownership/owner.ts';
import { parseCidr } from './cidr.ts';
import { type SubnetObject, subnetKind, type VpcObject, vpcKind } from './kube-ovn-kinds.ts';
import { subnetManifest, vpcManifest } from './network-manifests.ts';
import { networkObjectName } from './network-names.ts';
import { type PlannedSubnet, planSubnets, type SubnetLimits, type SubnetWish } from './plan-subnets.ts';
import {
  type KnownSubnet,
  type NamedSubnet,
  reserve,
  reserveSubnets,
  settleReservations,
} from './subnet-reservations.ts';
import { displayNameOf, rangesOfVpc } from './vpc-facts.ts';

/** A subnet as somebody asks for it, with what people are told of it. */
export interface SubnetForm extends SubnetWish {
  readonly description?: string | null | undefined;
  readonly zone?: string | null | undefined;
  readonly isPrivate?: boolean | null | undefined;
}

export interface VpcForm {
  readonly name: string;
  readonly cidr: string;
  readonly description?: string | null | undefined;
  readonly owner: Owner | undefined;
  readonly subnets: readonly SubnetForm[];
}

/** What was made in one cluster: a VPC with its subnets, or why it was not. */
export interface MadeVpc {
  readonly cluster: string;
  readonly vpc?: VpcObject;
  readonly subnets: readonly SubnetObject[];
  readonly error?: AnswerError;
}

export const vpcNameOf = ({ owner, name }: Pick<VpcForm, 'owner' | 'name'>): string =>
  networkObjectName('vpc', owner?.uuid, name);
const subnetNameOf = (vpc: string, name: string): string => networkObjectName('subnet', vpc, name);

export function limitsAt(context: RequestContext, cluster: string, owner: Owner | undefined): SubnetLimits {
  const profile = context.services.profiles.at(profilePlaceOf(cluster, owner));
  return {
    maskMin: profile.get(subnetMaskMin),
    maskMax: profile.get(subnetMaskMax),
    maskDefault: profile.get(subnetMaskDefault),
    reserved: profile.get(subnetReserved),
  };
}

/** Where the subnets of a new VPC come to lie. Issues name their place in the input. */
export function planNewVpc(form: VpcForm, limits: SubnetLimits) {
  const range = parseCidr(form.cidr);
  return planSubnets(form.subnets, range ? [range] : [], [], limits);
}

/**
 * Makes a VPC and its subnets in one cluster; the first of those is its default one. What an earlier attempt broke off is completed; a
 * VPC of this name that is whole is a `ConflictError`.
 */
export async function makeVpc(
  cluster: Cluster,
  form: VpcForm,
  planned: readonly PlannedSubnet[],
  ticket: OperationHandle,
  context: RequestContext,
): Promise<MadeVpc> {
  const { owner, cidr, name, description } = form;
  const objectName = vpcNameOf(form);
  const writer = cluster.writer(context.principal);
  const named = withNames(objectName, planned);
  await requireFreeName(cluster, form, context);
  const manifest = vpcManifest({
    objectName,
    displayName: name,
    description,
    owner,
    cidr,
    defaultSubnet: named[0]?.objectName ?? '',
    reservations: reserve(named, ticket.id ?? '', context.clock.now()),
  });
  let vpc: VpcObject;
  let isResumed = false;
  try {
    vpc = (await writer.create(ticket, vpcKind, manifest)).object;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const found = await context.kube(cluster.name).get(vpcKind, undefined, objectName);
    const missing = found && isSame(found, form) ? await missingSubnets(named, cluster, context) : [];
    if (!found || missing.length === 0) {
      const told = found ? displayNameOf(found) : name;
      const by = told === name ? '' : `, which is called '${told}' by now`;
      throw new ConflictError(`There is a VPC '${name}' in cluster '${cluster.name}' already${by}.`, { cause: error });
    }
    vpc = found;
    isResumed = true;
  }
  const subnets: SubnetObject[] = [];
  try {
    for (const [index, each] of named.entries()) {
      const there = isResumed
        ? await context.kube(cluster.name).get(subnetKind, undefined, each.objectName)
        : undefined;
      subnets.push(there ?? (await makeSubnet(cluster, vpc, owner, form.subnets[index], each, ticket, context)));
    }
  } catch (error) {
    await settleReservations({ cluster, vpc, ticket, context }, subnets);
    throw error;
  }
  vpc = await settleReservations({ cluster, vpc, ticket, context }, subnets);
  return { cluster: cluster.name, vpc, subnets };
}

/**
 * Makes the subnets of a VPC that is there: their places are reserved first, so that requests at the same moment never get the same ones.
 * Throws `ValidationError` with everything that stands against them, before any is made; later the first thing that fails, and those
 * before it stay. Answers the VPC as it is then, too.
 */
export async function addSubnets(
  cluster: Cluster,
  vpc: VpcObject,
  forms: readonly SubnetForm[],
  standing: () => Promise<readonly KnownSubnet[]>,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<{ readonly vpc: VpcObject; readonly subnets: readonly SubnetObject[] }> {
  const limits = limitsAt(context, cluster.name, ownerOf(vpc.metadata));
  const { planned, vpc: reserved } = await reserveSubnets({ cluster, vpc, ticket, context }, standing, (there) =>
    planAdded(vpc, forms, there, limits),
  );
  const place = { cluster, vpc: reserved, ticket, context };
  const subnets: SubnetObject[] = [];
  try {
    for (const [index, each] of planned.entries()) {
      subnets.push(await makeSubnet(cluster, vpc, ownerOf(vpc.metadata), forms[index], each, ticket, context));
    }
  } catch (error) {
    await settleReservations(place, subnets);
    throw error;
  }
  return { vpc: await settleReservations(place, subnets), subnets };
}

const withNames = (vpc: string, planned: readonly PlannedSubnet[]): readonly NamedSubnet[] =>
  planned.map((subnet) => ({ ...subnet, objectName: subnetNameOf(vpc, subnet.name) }));

function planAdded(
  vpc: VpcObject,
  forms: readonly SubnetForm[],
  standing: readonly KnownSubnet[],
  limits: SubnetLimits,
): readonly NamedSubnet[] {
  const { planned, issues } = planSubnets(forms, rangesOfVpc(vpc), standing, limits);
  const taken = forms.flatMap(({ name }, index) => {
    const rival = standing.find(
      (other) => other.name === name || other.objectName === subnetNameOf(vpc.metadata.name, name),
    );
    if (!rival) return [];
    const by = rival.name === name ? '' : `: that was first the name of subnet '${rival.name}'`;
    const message = `There is a subnet '${name}' in this VPC already${by}`;
    return [{ path: ['subnets', index, 'name'], code: 'name_taken', message }];
  });
  if (issues.length + taken.length > 0) throw new ValidationError([...taken, ...issues]);
  return withNames(vpc.metadata.name, planned);
}

async function makeSubnet(
  cluster: Cluster,
  vpc: VpcObject,
  owner: Owner | undefined,
  form: SubnetForm | undefined,
  planned: NamedSubnet,
  ticket: OperationHandle,
  context: RequestContext,
): Promise<SubnetObject> {
  const manifest = subnetManifest({
    objectName: planned.objectName,
    displayName: planned.name,
    description: form?.description,
    owner,
    vpc: vpc.metadata.name,
    planned,
    zone: form?.zone,
    isPrivate: form?.isPrivate === true,
  });
  try {
    return (await cluster.writer(context.principal).create(ticket, subnetKind, manifest)).object;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    throw new ConflictError(`There is a subnet '${planned.name}' in this VPC already.`, { cause: error });
  }
}

/** Names of subnets, each once. */
export function checkSubnetNames(forms: readonly SubnetForm[]): readonly ValidationIssue[] {
  return forms.flatMap(({ name }, index) =>
    forms.findIndex((other) => other.name === name) === index
      ? []
      : [
          {
            path: ['subnets', index, 'name'],
            code: 'duplicate',
            message: `name '${name}' must be that of one subnet alone`,
          },
        ],
  );
}

/** `AnswerError`s are one cluster's; anything else is ours, and ends the whole. */
export async function tryCluster(cluster: string, work: () => Promise<MadeVpc>): Promise<MadeVpc> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    return { cluster, subnets: [], error };
  }
}

/** Another VPC may be called so by now. */
async function requireFreeName(cluster: Cluster, form: VpcForm, context: RequestContext): Promise<void> {
  const { items } = await cluster.reader(systemPrincipal, context.signal).list(vpcKind);
  const rival = items.find(
    (vpc) =>
      displayNameOf(vpc) === form.name &&
      ownerOf(vpc.metadata)?.uuid === form.owner?.uuid &&
      vpc.metadata.name !== vpcNameOf(form),
  );
  if (rival) throw new ConflictError(`There is a VPC '${form.name}' in cluster '${cluster.name}' already.`);
}

const isSame = (vpc: VpcObject, { name, owner, cidr }: VpcForm): boolean =>
  displayNameOf(vpc) === name &&
  ownerOf(vpc.metadata)?.uuid === owner?.uuid &&
  rangesOfVpc(vpc).some((range) => range.first === parseCidr(cidr)?.first);

async function missingSubnets(
  planned: readonly NamedSubnet[],
  { name }: Cluster,
  context: RequestContext,
): Promise<readonly NamedSubnet[]> {
  const found = await Promise.all(
    planned.map(({ objectName }) => context.kube(name).get(subnetKind, undefined, objectName)),
  );
  return planned.filter((_each, index) => found[index] === undefined);
}
