import { type Controller, keysByResource } from '../../controllers/controller.ts';
import type { ClusterObject } from '../../store/types.ts';
import {
  group,
  isDeleting,
  marks,
  names,
  type OvnEip,
  type OvnPlural,
  type OvnRule,
  ovnPlurals,
  withFinalizer,
} from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';

const eipPlural = 'ovn-eips';
const words: Readonly<Record<OvnPlural, string>> = {
  'ovn-snat-rules': 'snat',
  'ovn-dnat-rules': 'dnat',
  'ovn-fips': 'fip',
};

/** Where a rule leads inside. */
interface Inside {
  readonly vpc: string;
  readonly address: string;
}

/**
 * Addresses and rules of routers themselves. As in the original, a rule cannot be taken from a router that is gone: with
 * its Vpc deleted first it keeps its finalizer for good, and so does the OvnEip behind it (kube-ovn#6717).
 */
export function createOvnNatController({ kinds, book, newMac, complain, calm }: OvnWorld): Controller {
  const { ovnEips, ovnRules, subnets, vpcs, ips, vips } = kinds;

  function usesOf(eip: OvnEip): string {
    const v4 = eip.spec?.v4Ip ?? '';
    const isUsed = (plural: OvnPlural): boolean =>
      v4 !== '' && ovnRules[plural].list().some(({ metadata }) => metadata.labels?.[marks.eipV4] === v4);
    const order = ['ovn-dnat-rules', 'ovn-fips', 'ovn-snat-rules'] as const;
    return order
      .filter(isUsed)
      .map((plural) => words[plural])
      .join(',');
  }

  function assign(eip: OvnEip): string | undefined {
    const spec = eip.spec ?? {};
    const wanted = (spec.externalSubnet ?? '') === '' ? names.externalSubnet : (spec.externalSubnet ?? '');
    const subnet = subnets.get(undefined, wanted);
    if (subnet === undefined) return `subnet.${group} "${wanted}" not found`;
    const taken = book.take(subnet, ownerOf(eip.metadata.name), spec.v4Ip);
    if ('problem' in taken) return taken.problem;
    const { v4, v6 } = taken.lease;
    const type = (spec.type ?? '') === '' ? 'nat' : (spec.type ?? '');
    const macAddress = newMac();
    const held = withFinalizer(eip, true);
    const labels = {
      ...held.metadata.labels,
      [marks.subnet]: wanted,
      [marks.eipV4]: v4,
      'ovn.kubernetes.io/ovn_eip_type': type,
    };
    const written = ovnEips.update({
      ...held,
      metadata: { ...held.metadata, labels },
      spec: { ...spec, externalSubnet: wanted, type, macAddress, v4Ip: v4, v6Ip: v6 },
    });
    // One for a node's port is ready when the node has made it.
    const ready = type !== 'lsp';
    ovnEips.updateStatus(written, { ready, type, macAddress, v4Ip: v4, v6Ip: v6, nat: '' });
    return undefined;
  }

  function keepEip(eip: OvnEip): string | undefined {
    if (eip.status?.macAddress === undefined && !isDeleting(eip)) return assign(eip);
    const nat = usesOf(eip);
    const current = eip.status === undefined ? eip : ovnEips.updateStatus(eip, { ...eip.status, nat });
    if (!isDeleting(eip)) {
      const isChanged = eip.status?.v4Ip !== eip.spec?.v4Ip;
      return isChanged ? `not support change v4 ip for ovn eip ${eip.metadata.name}` : undefined;
    }
    if (nat !== '') {
      return `ovn eip ${eip.metadata.name} is still being used by NAT rules: ${nat}, waiting for them to be deleted`;
    }
    book.release(ownerOf(eip.metadata.name));
    const freed = withFinalizer(current, false);
    if (freed !== current) ovnEips.update(freed);
    return undefined;
  }

  function insideOf(plural: OvnPlural, { spec = {} }: OvnRule): Inside | string {
    const given = plural === 'ovn-snat-rules' ? (spec.v4IpCidr ?? '') : (spec.v4Ip ?? '');
    const named = spec.ipName ?? '';
    const vpcOf = (subnet: string | undefined): string => subnets.get(undefined, subnet ?? '')?.spec?.vpc ?? '';
    if (plural === 'ovn-snat-rules' && given === '' && (spec.vpcSubnet ?? '') !== '') {
      const subnet = subnets.get(undefined, spec.vpcSubnet ?? '');
      if (subnet === undefined) return `subnet.${group} "${spec.vpcSubnet}" not found`;
      return { vpc: subnet.spec?.vpc ?? '', address: (subnet.spec?.cidrBlock ?? '').split(',')[0] ?? '' };
    }
    if (named === '' || (plural === 'ovn-snat-rules' && given !== '')) return { vpc: spec.vpc ?? '', address: given };
    if (spec.ipType === 'vip') {
      const vip = vips.get(undefined, named);
      if (vip === undefined) return `vip.${group} "${named}" not found`;
      return { vpc: vpcOf(vip.spec?.subnet), address: vip.status?.v4ip ?? '' };
    }
    const ip = ips.get(undefined, named);
    if (ip === undefined) return `ip.${group} "${named}" not found`;
    return { vpc: vpcOf(ip.spec.subnet), address: ip.spec.v4IpAddress ?? '' };
  }

  function rivalProblem(plural: OvnPlural, rule: OvnRule, v4Eip: string): string | undefined {
    const { name } = rule.metadata;
    const rival = ovnRules[plural]
      .list()
      .filter(({ metadata }) => metadata.name !== name && metadata.labels?.[marks.eipV4] === v4Eip)
      .find(({ spec }) => plural === 'ovn-fips' || spec?.externalPort === rule.spec?.externalPort);
    if (rival === undefined || plural === 'ovn-snat-rules') return undefined;
    if (plural === 'ovn-fips')
      return `failed to add fip ${name}, ${v4Eip} is using by other fip ${rival.metadata.name}`;
    return `failed to create dnat ${name}, duplicate, same eip ${rule.spec?.ovnEip}, same external port '${rule.spec?.externalPort}' is using by dnat ${rival.metadata.name}`;
  }

  function apply(plural: OvnPlural, rule: OvnRule): string | undefined {
    if (rule.status?.ready === true) return undefined;
    const spec = rule.spec ?? {};
    const { name } = rule.metadata;
    const what = `failed to create ${words[plural]} ${name},`;
    if ((spec.ovnEip ?? '') === '') return `${what} should set eip`;
    const eip = ovnEips.get(undefined, spec.ovnEip ?? '');
    if (eip === undefined) return `ovn-eip.${group} "${spec.ovnEip}" not found`;
    const v4Eip = eip.status?.v4Ip ?? '';
    if (v4Eip === '') return `${what} no external ip`;
    if (eip.spec?.type === 'lsp') return `ovn nat ${name} can not use type lsp eip ${spec.ovnEip}`;
    const inside = insideOf(plural, rule);
    if (typeof inside === 'string') return inside;
    if (inside.vpc === '') return `${what} no vpc`;
    if (inside.address === '') return `${what} no internal ip`;
    const unset = (['externalPort', 'internalPort', 'protocol'] as const).find((field) => (spec[field] ?? '') === '');
    if (plural === 'ovn-dnat-rules' && unset !== undefined) return `${what} no ${portWords[unset]}`;
    const rival = rivalProblem(plural, rule, v4Eip);
    if (rival !== undefined) return rival;
    if (vpcs.get(undefined, inside.vpc) === undefined) return `not found logical router ${inside.vpc}`;
    const held = withFinalizer(rule, true);
    const labels = { ...held.metadata.labels, [marks.eipV4]: v4Eip };
    const annotations = { ...held.metadata.annotations, [marks.eip]: spec.ovnEip ?? '' };
    const written = ovnRules[plural].update({ ...held, metadata: { ...held.metadata, labels, annotations } });
    ovnRules[plural].updateStatus(written, {
      ready: true,
      vpc: inside.vpc,
      v4Eip,
      v6Eip: eip.status?.v6Ip ?? '',
      ...(plural === 'ovn-snat-rules' ? { v4IpCidr: inside.address } : { v4Ip: inside.address }),
      ...(plural === 'ovn-dnat-rules'
        ? {
            ipName: spec.ipName ?? '',
            externalPort: spec.externalPort,
            internalPort: spec.internalPort,
            protocol: spec.protocol,
          }
        : {}),
    });
    return undefined;
  }

  function letGo(plural: OvnPlural, rule: OvnRule): string | undefined {
    const vpc = rule.status?.vpc ?? '';
    if (vpc !== '' && vpcs.get(undefined, vpc) === undefined) return `not found logical router ${vpc}`;
    const freed = withFinalizer(rule, false);
    if (freed !== rule) ovnRules[plural].update(freed);
    return undefined;
  }

  const eipOfRule = (object: ClusterObject): string[] => {
    const name = (object as OvnRule).spec?.ovnEip;
    return name === undefined ? [] : [`${eipPlural}/${name}`];
  };
  const rulesOfEip = (eip: string): string[] =>
    ovnPlurals.flatMap((plural) =>
      ovnRules[plural]
        .list()
        .filter(({ spec }) => spec?.ovnEip === eip)
        .map(({ metadata }) => `${plural}/${metadata.name}`),
    );

  return {
    name: 'kube-ovn-router-nat',
    keysOf: keysByResource({
      [`${eipPlural}.${group}`]: ({ metadata }) => [`${eipPlural}/${metadata.name}`, ...rulesOfEip(metadata.name)],
      ...Object.fromEntries(
        ovnPlurals.map((plural) => [
          `${plural}.${group}`,
          (object: ClusterObject) => [`${plural}/${object.metadata.name}`, ...eipOfRule(object)],
        ]),
      ),
    }),
    reconcile(key) {
      const [plural = '', name = ''] = key.split('/');
      const problem = plural === eipPlural ? lookAtEip(name) : lookAtRule(plural as OvnPlural, name);
      if (problem !== undefined) return complain(key, problem);
      calm(key);
      return undefined;
    },
  };

  function lookAtEip(name: string): string | undefined {
    const eip = ovnEips.get(undefined, name);
    if (eip !== undefined) return keepEip(eip);
    // Also of one that was stuck and whose finalizer somebody took away.
    book.release(ownerOf(name));
    return undefined;
  }

  function lookAtRule(plural: OvnPlural, name: string): string | undefined {
    const rule = ovnRules[plural].get(undefined, name);
    return rule === undefined ? undefined : (isDeleting(rule) ? letGo : apply)(plural, rule);
  }
}

const portWords = { externalPort: 'external port', internalPort: 'internal port', protocol: 'protocol' } as const;

function ownerOf(name: string): string {
  return `ovn-eip/${name}`;
}
