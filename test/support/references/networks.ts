import { inUse, type Make } from './attempt.ts';
import { cluster, freeName, idOf, type Model, ofSort, pick, type Thing, thing } from './model.ts';

const ovn = 'kubeovn.io';

/** What is made together with another thing has its name. */
interface Named {
  readonly id: string;
  readonly name: string;
}

/** Networks are /24 of a VPC's /16, told by their third number: 10.<vpc>.<subnet>.0/24. */
const rangeOf = (vpc: Thing, third: number): string => `10.${vpc.facts.second}.${third}.0/24`;

const subnetsOf = (model: Model, vpc: Thing): Thing[] => ofSort(model, 'subnet').filter(({ partOf }) => partOf === vpc);

const vpcOf = (gateway: Thing): Thing => [...gateway.needs].find(({ sort }) => sort === 'vpc') as Thing;

const gatewayOf = (part: Thing): Thing =>
  part.partOf ?? ([...part.needs].find(({ sort }) => sort === 'natGateway') as Thing);

const eipsOf = (model: Model, gateway: Thing): Thing[] =>
  ofSort(model, 'elasticIp').filter((eip) => gatewayOf(eip) === gateway);

const rulesOf = (model: Model, used: Thing, ...sorts: readonly Thing['sort'][]): Thing[] =>
  ofSort(model, ...sorts).filter(({ needs }) => needs.has(used));

export const makeVpc: Make = (model) => {
  const name = freeName(model, 'vpc');
  const second = String(100 + Number(name.split('-')[1]));
  const input = {
    clusters: [cluster],
    name,
    cidr: `10.${second}.0.0/16`,
    subnets: [{ name: 'first', cidr: `10.${second}.0.0/24` }],
  };
  return {
    mutation: 'createVpc',
    input,
    fields: 'results { ok error { message } vpc { id name } subnets { id name } }',
    done: (answer) => {
      const [made] = answer.results as { vpc: Named; subnets: Named[] }[];
      if (!made?.vpc) throw new Error(JSON.stringify(answer));
      const vpc = thing('vpc', name, made.vpc.id, { facts: { second, object: made.vpc.name } })();
      model.add(vpc);
      for (const each of made.subnets) {
        const facts = { third: '0', object: each.name };
        model.add(thing('subnet', 'first', each.id, { partOf: vpc, facts })(vpc));
      }
    },
  };
};

export const makeSubnet: Make = (model, [which, third]) => {
  const vpc = pick(ofSort(model, 'vpc'), which);
  if (!vpc) return { lacks: 'vpc' };
  const name = freeName(model, 'subnet');
  const number = third % 4;
  const isTaken = subnetsOf(model, vpc).some(({ facts }) => facts.third === String(number));
  return {
    mutation: 'addSubnets',
    input: { id: vpc.id, subnets: [{ name, cidr: rangeOf(vpc, number) }] },
    fields: 'subnets { id name }',
    ...(isTaken ? { against: { code: 'VALIDATION' } } : {}),
    done: (answer) => {
      const [made] = answer.subnets as Named[];
      const facts = { third: String(number), object: made?.name ?? '' };
      model.add(thing('subnet', name, made?.id ?? '', { partOf: vpc, facts })(vpc));
    },
  };
};

export const makeNatGateway: Make = (model, [which, where]) => {
  const vpc = pick(ofSort(model, 'vpc'), which);
  if (!vpc) return { lacks: 'vpc' };
  const subnet = pick(subnetsOf(model, vpc), where);
  if (!subnet) return { lacks: 'subnet' };
  const name = freeName(model, 'natGateway');
  return {
    mutation: 'createNatGateway',
    input: { name, places: [{ vpcId: vpc.id, subnetId: subnet.id }], acknowledge: ['DEFAULT_ROUTE_REPLACED'] },
    fields: 'results { ok error { message } }',
    against: inUse(rulesOf(model, vpc, 'natGateway')),
    done: () => {
      const gateway = thing('natGateway', name, idOf(ovn, 'VpcNatGateway', name, ''))(vpc, subnet);
      const own = `${name}-eip`;
      model.add(gateway).add(thing('elasticIp', own, idOf(ovn, 'IptablesEIP', own, ''), { partOf: gateway })(gateway));
    },
  };
};

export const makeElasticIp: Make = (model, [which]) => {
  const gateway = pick(ofSort(model, 'natGateway'), which);
  if (!gateway) return { lacks: 'natGateway' };
  const name = freeName(model, 'elasticIp');
  return {
    mutation: 'createElasticIp',
    input: { natGatewayId: gateway.id, name },
    fields: 'elasticIp { id }',
    done: () => model.add(thing('elasticIp', name, idOf(ovn, 'IptablesEIP', name, ''))(gateway)),
  };
};

export const makeSnatRule: Make = (model, [which, ofWhich, by]) => {
  const gateway = pick(ofSort(model, 'natGateway'), which);
  if (!gateway) return { lacks: 'natGateway' };
  const eip = pick(eipsOf(model, gateway), by);
  if (!eip) return { lacks: 'elasticIp' };
  const subnet = pick(ofSort(model, 'subnet'), ofWhich);
  if (!subnet) return { lacks: 'subnet' };
  const vpc = vpcOf(gateway);
  const rivals = rulesOf(model, subnet, 'snatRule');
  const name = `${gateway.name}-snat-${subnet.facts.object}`;
  return {
    mutation: 'addSnatRules',
    input: { rules: [{ natGatewayId: gateway.id, subnetId: subnet.id, elasticIpId: eip.id }] },
    fields: 'results { ok error { message } }',
    against:
      subnet.partOf === vpc
        ? inUse(rivals.length > 0 ? rivals : rulesOf(model, eip, 'instanceRule'))
        : { code: 'VALIDATION' },
    done: () => model.add(thing('snatRule', name, idOf(ovn, 'IptablesSnatRule', name, ''))(gateway, eip, subnet, vpc)),
  };
};

/** Of few ports, so that they meet. */
export const makePortRule: Make = (model, [which, where, host, port]) => {
  const eip = pick(ofSort(model, 'elasticIp'), which);
  if (!eip) return { lacks: 'elasticIp' };
  const gateway = gatewayOf(eip);
  const vpc = vpcOf(gateway);
  const subnet = pick(subnetsOf(model, vpc), where) as Thing;
  const address = `10.${vpc.facts.second}.${subnet.facts.third}.${100 + (host % 3)}`;
  const protocol = port % 2 === 0 ? 'TCP' : 'UDP';
  const elasticIpPort = 8000 + (port % 3);
  const name = `${eip.name}-${protocol.toLowerCase()}-${elasticIpPort}`;
  const rivals = rulesOf(model, eip, 'portRule').filter((rule) => rule.name === name);
  return {
    mutation: 'createDnatRule',
    input: { elasticIpId: eip.id, address, portMapping: { protocol, elasticIpPort, instancePort: 80 } },
    fields: 'dnatRule { state }',
    against: inUse(rivals.length > 0 ? rivals : rulesOf(model, eip, 'instanceRule')),
    done: () => model.add(thing('portRule', name, idOf(ovn, 'IptablesDnatRule', name, ''))(gateway, eip, subnet, vpc)),
  };
};

export const makeInstanceRule: Make = (model, [which, where, host]) => {
  const eip = pick(ofSort(model, 'elasticIp'), which);
  if (!eip) return { lacks: 'elasticIp' };
  const gateway = gatewayOf(eip);
  const vpc = vpcOf(gateway);
  const subnet = pick(subnetsOf(model, vpc), where) as Thing;
  const address = `10.${vpc.facts.second}.${subnet.facts.third}.${100 + (host % 3)}`;
  const name = `${eip.name}-all-ports`;
  const rivals = rulesOf(model, eip, 'instanceRule', 'snatRule', 'portRule');
  const sameInstance = rulesOf(model, gateway, 'instanceRule').filter(({ facts }) => facts.address === address);
  return {
    mutation: 'createDnatRule',
    input: { elasticIpId: eip.id, address },
    fields: 'dnatRule { state }',
    against: inUse(rivals.length > 0 ? rivals : sameInstance),
    done: () => {
      const id = idOf(ovn, 'IptablesFIPRule', name, '');
      model.add(thing('instanceRule', name, id, { facts: { address } })(gateway, eip, subnet, vpc));
    },
  };
};
