import { type PodObject, podKind } from 'longshore/plugins/compute';
import { origin, type RequestContext, systemPrincipal } from 'longshore/sdk';
import { liesIn } from './ipv4.ts';
import type { SnatRuleObject } from './nat-kinds.ts';
import { rulesOfGateway } from './nat-view.ts';
import { readRule, vpcOfPod } from './read-nat.ts';
import { readWholeNat } from './read-whole-nat.ts';

/** Kube-OVN's mark on the pods that are gateways themselves. */
const gatewayLabel = 'ovn.kubernetes.io/vpc-nat-gw';

/** The VPC of an SNAT rule, and how many pods go out by it: those of its range that run and have no elastic IP of their own (NET-36). */
export async function podsBehind(
  rule: SnatRuleObject,
  context: RequestContext,
): Promise<{ readonly vpc: string; readonly count: number }> {
  const { cluster } = rule[origin];
  const { gateways } = await readRule(context.kube(cluster), rule);
  const vpc = gateways[0]?.spec?.vpc ?? '';
  const { fip } = rulesOfGateway(await readWholeNat(cluster, context), gateways[0]?.metadata.name ?? '');
  const own = new Set(fip.map(({ spec }) => spec?.internalIp));
  // Who loses the Internet need not be visible to who takes it.
  const { items } = await context.cluster(cluster).reader(systemPrincipal, context.signal).list(podKind);
  const range = rule.spec?.internalCIDR ?? '';
  const isBehind = (pod: PodObject): boolean => {
    const address = pod.status?.podIP ?? '';
    const isOver = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    const isGateway = pod.metadata.labels?.[gatewayLabel] === 'true';
    return (
      !isOver &&
      !isGateway &&
      pod.spec?.hostNetwork !== true &&
      !own.has(address) &&
      (vpcOfPod(pod) ?? vpc) === vpc &&
      liesIn(range, address)
    );
  };
  return { vpc, count: items.filter(isBehind).length };
}
