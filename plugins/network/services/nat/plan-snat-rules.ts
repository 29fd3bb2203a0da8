import { NotFoundError, origin, PreconditionError, type RequestContext } from 'longshore/sdk';
import { ownerOf } from '../ownership/owner.ts';
import type { SubnetObject } from '../vpc/kube-ovn-kinds.ts';
import { objectToSnatRule } from './exclusion-rules.ts';
import type { EipObject, NatGatewayObject, SnatRuleObject } from './nat-kinds.ts';
import { natNames, snatManifest } from './nat-manifests.ts';
import { requireSameCluster } from './nat-targets.ts';
import { eipsOfGateway, type NatView, rulesOfEip } from './nat-view.ts';
import { requireInVpc, requireRange } from './plan-nat-gateway.ts';
import { readWholeNat } from './read-whole-nat.ts';
import { refuseObjection } from './tell-objection.ts';

/** An SNAT rule as it was asked for. */
export interface WantedSnat {
  readonly gateway: NatGatewayObject;
  readonly subnet: SubnetObject;
  /** One of the gateway; where nobody said, its own, else the first that may be shared. */
  readonly eip: EipObject | undefined;
  readonly description: string | null | undefined;
}

/** What will be written. */
export interface SnatPlan {
  readonly cluster: string;
  readonly name: string;
  readonly manifest: object;
}

/**
 * Checks SNAT rules of one request against what is there and against one another (NET-35, NET-36). Throws `InUseError` where the subnet
 * has a rule or the EIP leads to one instance, `ValidationError` for what does not belong together.
 */
export async function planSnatRules(
  wanted: readonly WantedSnat[],
  context: RequestContext,
): Promise<readonly SnatPlan[]> {
  const views = new Map<string, NatView>();
  const plans: SnatPlan[] = [];
  for (const [index, each] of wanted.entries()) {
    const { gateway, subnet } = each;
    const { cluster } = gateway[origin];
    const path = ['rules', index, 'subnetId'];
    requireSameCluster(gateway, subnet, path);
    requireInVpc(subnet, gateway.spec?.vpc ?? '', path);
    const view = views.get(cluster) ?? (await readWholeNat(cluster, context));
    const eip = each.eip ?? eipFor(view, gateway);
    if (eip.spec?.natGwDp !== gateway.metadata.name) {
      throw new NotFoundError(`The NAT gateway '${gateway.metadata.name}' has no such elastic IP`);
    }
    const range = requireRange(subnet, path);
    const rule = { gateway: gateway.metadata.name, eip: eip.metadata.name, subnet: subnet.metadata.name, range };
    refuseObjection(objectToSnatRule(view, rule), context);
    const owner = ownerOf(gateway.metadata);
    const name = natNames.snat(rule.gateway, rule.subnet);
    const manifest = snatManifest({ name, owner, description: each.description }, { eip: rule.eip, range });
    plans.push({ cluster, name, manifest });
    // The next one is judged as if this one were there.
    const planned = { ...manifest, kind: 'IptablesSnatRule' } as unknown as SnatRuleObject;
    views.set(cluster, { ...view, snatRules: [...view.snatRules, planned] });
  }
  return plans;
}

/** Throws `PreconditionError` where the gateway has none that can be shared. */
function eipFor(view: NatView, gateway: NatGatewayObject): EipObject {
  const { name } = gateway.metadata;
  const free = eipsOfGateway(view, name).filter(
    ({ metadata }) => !metadata.deletionTimestamp && rulesOfEip(view, metadata.name).fip.length === 0,
  );
  const eip = free.find(({ metadata }) => metadata.name === natNames.eipOf(name)) ?? free[0];
  if (eip) return eip;
  throw new PreconditionError('NO_ELASTIC_IP', `The NAT gateway '${name}' has no elastic IP that an SNAT rule can use`);
}
