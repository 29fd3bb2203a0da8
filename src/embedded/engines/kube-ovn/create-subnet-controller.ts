import { canonicalJson } from '../../controllers/canonical-json.ts';
import { type Controller, keysByResource } from '../../controllers/controller.ts';
import { timestamp } from '../../controllers/timestamp.ts';
import { decideSubnetConditions, type SubnetOutcome } from './decide-subnet-conditions.ts';
import { formatSubnet } from './format-subnet.ts';
import { fieldManager, group, isDeleting, isOvnSubnet, type Subnet, type Vpc, withFinalizer } from './kinds.ts';
import type { OvnWorld } from './ovn-world.ts';
import { conflictProblem, subnetProblem } from './subnet-problem.ts';
import type { SubnetUse } from './subnet-use.ts';

/** Formats and checks subnets, says whether they are ready, and keeps those whose addresses are in use. */
export function createSubnetController(world: OvnWorld, use: SubnetUse): Controller {
  const { context, kinds, complain, calm } = world;
  const { subnets, vpcs, vlans } = kinds;

  function tell(subnet: Subnet, outcome: SubnetOutcome): Subnet {
    const now = timestamp(context.clock.now());
    const conditions = decideSubnetConditions(subnet.status?.conditions, outcome, now);
    if (canonicalJson(conditions) === canonicalJson(subnet.status?.conditions ?? [])) return subnet;
    const message = outcome.isFailed ? outcome.message : '';
    const type = outcome.isFailed ? 'Warning' : 'Normal';
    context.events.record(subnet, { type, reason: outcome.reason, message, component: fieldManager });
    return subnets.updateStatus(subnet, { ...subnet.status, conditions });
  }

  function vlanProblem({ metadata, spec }: Subnet): string | undefined {
    const name = spec?.vlan ?? '';
    if (name === '') return undefined;
    const vlan = vlans.get(undefined, name);
    const failed = `failed to validate vlan for subnet ${metadata.name},`;
    if (vlan === undefined) return `${failed} failed to get vlan ${name}: vlan.${group} "${name}" not found`;
    if (vlan.status?.conflict !== true) return undefined;
    return `${failed} subnet ${metadata.name} has invalid conflict vlan ${name}`;
  }

  /** Told to the log alone. */
  function vpcProblem({ spec }: Subnet): string | undefined {
    const name = spec?.vpc ?? '';
    const vpc = vpcs.get(undefined, name);
    if (vpc === undefined) return `vpc.${group} "${name}" not found`;
    if (vpc.status?.standby !== true) return `the vpc '${name}' not standby yet`;
    const bound = spec?.namespaces ?? [];
    if (vpc.status.default === true) {
      const rival = vpcs.list().find((other) => isRival(other, name, bound));
      return rival === undefined
        ? undefined
        : `namespaces [${bound.join(' ')}] are overlap with vpc '${rival.metadata.name}'`;
    }
    const foreign = bound.find((each) => vpc.spec?.namespaces?.includes(each) !== true);
    return foreign === undefined ? undefined : `namespace '${foreign}' is out of range to custom vpc '${name}'`;
  }

  function look(given: Subnet): string | undefined {
    const { name } = given.metadata;
    const formatted = formatSubnet(name, given.spec ?? {});
    if ('problem' in formatted) return formatted.problem;
    const isFormatted = canonicalJson(formatted.spec) === canonicalJson(given.spec);
    const subnet = isFormatted ? given : subnets.update({ ...given, spec: formatted.spec });
    const failed = (reason: string, message: string): undefined => {
      tell(subnet, { isFailed: true, reason, message });
      return undefined;
    };
    const noVlan = vlanProblem(subnet);
    if (noVlan !== undefined) return failed('ValidateSubnetVlanFailed', noVlan);
    const invalid = subnetProblem(name, formatted.spec);
    if (invalid !== undefined) return failed('ValidateLogicalSwitchFailed', invalid);
    const counted = subnets.updateStatus(subnet, { ...subnet.status, ...use.count(subnet) });
    if (isDeleting(counted)) {
      if (use.usersOf(name).length === 0) subnets.update(withFinalizer(counted, false));
      return undefined;
    }
    const held = withFinalizer(counted, true);
    const current = held === counted ? counted : subnets.update(held);
    if (!isOvnSubnet(current)) {
      tell(current, { isFailed: false, reason: 'SetNonOvnSubnetSuccess' });
      return undefined;
    }
    const noVpc = vpcProblem(current);
    if (noVpc !== undefined) {
      tell(current, { isFailed: false, reason: 'ValidateLogicalSwitchSuccess' });
      return noVpc;
    }
    const conflict = conflictProblem(current, subnets.list());
    if (conflict !== undefined) return failed('ValidateLogicalSwitchFailed', conflict);
    const reason = current.spec?.private === true ? 'SetPrivateLogicalSwitchSuccess' : 'ResetLogicalSwitchAclSuccess';
    tell(current, { isFailed: false, reason });
    return undefined;
  }

  const unready = (): string[] =>
    subnets
      .list()
      .filter(
        ({ status }) => !(status?.conditions ?? []).some(({ type, status: is }) => type === 'Ready' && is === 'True'),
      )
      .map(({ metadata }) => metadata.name);

  return {
    name: 'kube-ovn-subnet',
    keysOf: keysByResource({
      [`subnets.${group}`]: ({ metadata }) => [metadata.name, ...unready()],
      [`vpcs.${group}`]: unready,
      [`vlans.${group}`]: unready,
      // Those that are ending wait for their last address.
      ...use.resources((subnet) => {
        const found = subnets.get(undefined, subnet);
        return found !== undefined && isDeleting(found) ? [subnet] : [];
      }),
    }),
    reconcile(name) {
      const subnet = subnets.get(undefined, name);
      const problem = subnet === undefined ? undefined : look(subnet);
      if (problem !== undefined) return complain(`subnet ${name}`, problem);
      calm(`subnet ${name}`);
      return undefined;
    },
  };
}

function isRival({ metadata, spec, status }: Vpc, name: string, bound: readonly string[]): boolean {
  return (
    metadata.name !== name &&
    status?.default !== true &&
    (spec?.namespaces ?? []).some((namespace) => bound.includes(namespace))
  );
}
