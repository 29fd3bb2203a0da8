import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { ClusterObject } from '../../store/types.ts';
import {
  group,
  type IptablesEip,
  type IptablesPlural,
  type IptablesRule,
  iptablesPlurals,
  isDeleting,
  marks,
  withFinalizer,
} from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';
import { ruleProblem } from './rule-problem.ts';

/**
 * Writes the rules of NAT gateways. A rule that cannot be written has no status at all; while its gateway's pod is away it
 * cannot be deleted either, and once the gateway itself is gone it can at once.
 */
export function createIptablesRuleController({ kinds, gatewayPod, complain, calm }: OvnWorld): Controller {
  const { eips, gateways, iptablesRules } = kinds;

  function rivalProblem(plural: IptablesPlural, rule: IptablesRule, eip: IptablesEip): string | undefined {
    const { name } = rule.metadata;
    const others = iptablesRules[plural].list().filter((other) => other.metadata.name !== name);
    if (plural === 'iptables-fip-rules') {
      const rival = others.find(({ metadata }) => metadata.labels?.[marks.eipV4] === eip.status?.ip);
      if (rival === undefined) return undefined;
      return `failed to create fip ${name}, ${eip.status?.ip} is used by the other fip ${rival.metadata.name}`;
    }
    if (plural !== 'iptables-dnat-rules') return undefined;
    const { externalPort, protocol } = rule.spec ?? {};
    const rival = others.find(
      ({ metadata, spec }) =>
        metadata.labels?.[marks.dnatPort] === externalPort &&
        spec?.eip === rule.spec?.eip &&
        spec?.protocol === protocol,
    );
    if (rival === undefined) return undefined;
    return `failed to create dnat ${name}, duplicate, same eip ${rule.spec?.eip}, same external port '${externalPort}', same protocol'${protocol}' is used by dnat ${rival.metadata.name}`;
  }

  function apply(plural: IptablesPlural, rule: IptablesRule): string | undefined {
    const spec = rule.spec ?? {};
    const invalid = ruleProblem(plural, rule.metadata.name, spec);
    if (invalid !== undefined) return invalid;
    const eip = eips.get(undefined, spec.eip ?? '');
    if (eip === undefined) return `iptables-eip.${group} "${spec.eip}" not found`;
    const v4ip = eip.status?.ip ?? '';
    if (v4ip === '') return `eip '${spec.eip}' is not ready, has no v4ip`;
    const rival = rivalProblem(plural, rule, eip);
    if (rival !== undefined) return rival;
    const natGwDp = eip.spec?.natGwDp ?? '';
    const pod = gatewayPod(natGwDp);
    if ('problem' in pod) return rule.status?.ready === true ? undefined : pod.problem;
    const held = withFinalizer(rule, true);
    const labels = {
      ...held.metadata.labels,
      [marks.natGatewayName]: natGwDp,
      [marks.eipV4]: v4ip,
      ...(plural === 'iptables-dnat-rules' ? { [marks.dnatPort]: spec.externalPort ?? '' } : {}),
    };
    const annotations = { ...held.metadata.annotations, [marks.eip]: spec.eip ?? '' };
    const isMarked =
      held === rule &&
      rule.metadata.annotations?.[marks.eip] === spec.eip &&
      Object.entries(labels).every(([key, value]) => rule.metadata.labels?.[key] === value);
    const client = iptablesRules[plural];
    const current = isMarked ? rule : client.update({ ...held, metadata: { ...held.metadata, labels, annotations } });
    client.updateStatus(current, {
      ready: true,
      v4ip,
      v6ip: eip.spec?.v6ip ?? '',
      natGwDp,
      redo: '',
      ...ruleFields(plural, spec),
    });
    return undefined;
  }

  function letGo(plural: IptablesPlural, rule: IptablesRule): string | undefined {
    const gateway = rule.status?.natGwDp ?? '';
    if (gateway !== '' && gateways.get(undefined, gateway) !== undefined) {
      const pod = gatewayPod(gateway);
      if ('problem' in pod) return pod.problem;
    }
    const freed = withFinalizer(rule, false);
    if (freed !== rule) iptablesRules[plural].update(freed);
    return undefined;
  }

  const waitingKeys = (isConcerned: (rule: IptablesRule) => boolean): string[] =>
    iptablesPlurals.flatMap((plural) =>
      iptablesRules[plural]
        .list()
        .filter(isConcerned)
        .map(({ metadata }) => `${plural}/${metadata.name}`),
    );

  return {
    name: 'kube-ovn-iptables-rule',
    keysOf: keysByResource({
      ...Object.fromEntries(
        iptablesPlurals.map((plural) => [
          `${plural}.${group}`,
          ({ metadata }: ClusterObject) => [`${plural}/${metadata.name}`],
        ]),
      ),
      [`iptables-eips.${group}`]: ({ metadata }) => waitingKeys(({ spec }) => spec?.eip === metadata.name),
    }),
    reconcile(key) {
      const [plural, name = ''] = key.split('/') as [IptablesPlural, string];
      const rule = iptablesRules[plural].get(undefined, name);
      const problem = rule === undefined ? undefined : (isDeleting(rule) ? letGo : apply)(plural, rule);
      if (problem !== undefined) return complain(key, problem);
      calm(key);
      return undefined;
    },
  };
}

function ruleFields(plural: IptablesPlural, spec: NonNullable<IptablesRule['spec']>): object {
  const { internalCIDR, internalIp, internalPort, externalPort, protocol } = spec;
  if (plural === 'iptables-snat-rules') return { internalCIDR };
  return plural === 'iptables-fip-rules' ? { internalIp } : { internalIp, internalPort, externalPort, protocol };
}
