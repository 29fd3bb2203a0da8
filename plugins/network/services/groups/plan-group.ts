import { descriptionNetworkText } from 'longshore/plugins/core';
import { checkText, type Profile, parseGlobalId, type ValidationIssue } from 'longshore/sdk';
import { vpcName } from '../../profile-keys/vpc.ts';
import { labelsOfOwner, type Owner } from '../ownership/owner.ts';
import { parseAddress, parseCidr } from '../vpc/cidr.ts';
import { wordsOf } from '../vpc/network-words.ts';
import { checkGroupSpec, groupDirections } from './check-group.ts';
import { groupVpcAnnotation, type OvnSecurityRule, securityGroupKind } from './group-kinds.ts';

type Maybe<T> = T | null | undefined;

/** A rule as somebody asks for it: what reaches the pods of the group, or what they reach. */
export interface SecurityRuleForm {
  readonly protocol: string;
  readonly address?: Maybe<string>;
  readonly securityGroupId?: Maybe<string | number>;
  readonly family?: Maybe<string>;
  readonly portMin?: Maybe<number>;
  readonly portMax?: Maybe<number>;
  readonly priority?: Maybe<number>;
  readonly action?: Maybe<string>;
}

export interface GroupForm {
  readonly name?: Maybe<string>;
  readonly description?: Maybe<string>;
  readonly ingress?: Maybe<readonly SecurityRuleForm[]>;
  readonly egress?: Maybe<readonly SecurityRuleForm[]>;
  readonly allowsSameGroup?: Maybe<boolean>;
}

/** Most rules of one direction. */
export const mostRules = 200;

/** Everything that stands against a form by itself and by the profile (NET-32). Pure. */
export function checkGroupForm(form: GroupForm, profile: Profile): readonly ValidationIssue[] {
  const { name, description } = form;
  return [
    ...(name === undefined || name === null ? [] : checkText(profile.get(vpcName), 'name', name)),
    ...(description ? checkText(profile.get(descriptionNetworkText), 'description', description) : []),
    ...groupDirections.flatMap(({ field }) => checkRuleForms(form[field] ?? [], field)),
  ];
}

function checkRuleForms(rules: readonly SecurityRuleForm[], field: string): readonly ValidationIssue[] {
  if (rules.length > mostRules) {
    const message = `${field} must have up to ${mostRules} entries, got ${rules.length}`;
    return [{ path: [field], code: 'too_big', message }];
  }
  const priorities = rules.map((rule, index) => rule.priority ?? index + 1);
  return rules.flatMap((rule, index) => {
    const found: ValidationIssue[] = [];
    const refuse = (at: string, code: string, message: string): void => {
      found.push({ path: [field, index, at], code, message });
    };
    const hasPorts = rule.portMin !== undefined && rule.portMin !== null;
    const byGroup = rule.securityGroupId !== undefined && rule.securityGroupId !== null;
    if (byGroup === Boolean(rule.address)) {
      refuse('address', 'one_of', 'A rule has either an address or a securityGroupId');
    }
    if (!['TCP', 'UDP'].includes(rule.protocol) && (hasPorts || (rule.portMax ?? null) !== null)) {
      refuse('portMin', 'not_offered', `${rule.protocol} has no ports`);
    }
    if (priorities.indexOf(priorities[index] ?? 0) < index) {
      refuse('priority', 'duplicate', `priority ${priorities[index]} is that of another rule already`);
    }
    if (rule.address && rule.family && familyOf(rule.address) !== rule.family.toLowerCase()) {
      refuse('family', 'other_family', `family must be that of ${rule.address.slice(0, 50)}, or not be given`);
    }
    const misfits = byGroup || rule.address ? checkGroupSpec({ ingressRules: [ruleOf(rule, index, 'x')] }) : [];
    return [
      ...found,
      ...misfits.map((misfit) => ({ ...misfit, path: [field, index, inputOf[String(misfit.path.at(-1))] ?? ''] })),
    ];
  });
}

const inputOf: Readonly<Record<string, string>> = {
  ipVersion: 'address',
  protocol: 'protocol',
  policy: 'action',
  remoteType: 'address',
  remoteAddress: 'address',
  remoteSecurityGroup: 'securityGroupId',
  priority: 'priority',
  portRangeMin: 'portMin',
  portRangeMax: 'portMax',
};

const familyOf = (address: string): string | undefined => {
  const parsed = address.includes('/') ? parseCidr(address) : parseAddress(address);
  return parsed && `ipv${parsed.family}`;
};

/** Names of groups that rules name, with their places; undefined for an id that is no group's. */
export function groupsNamedBy(form: GroupForm) {
  return groupDirections.flatMap(({ field }) =>
    (form[field] ?? []).flatMap(({ securityGroupId: id }, index) =>
      id === null || id === undefined ? [] : [{ path: [field, index, 'securityGroupId'], ...groupOfId(String(id)) }],
    ),
  );
}

export function groupOfId(id: string): { readonly name: string | undefined; readonly cluster: string | undefined } {
  const parsed = parseGlobalId(id);
  const isOne =
    parsed?.of === 'kubernetes' && parsed.group === securityGroupKind.group && parsed.kind === securityGroupKind.kind;
  return isOne ? { name: parsed.name, cluster: parsed.cluster } : { name: undefined, cluster: undefined };
}

/** The spec of a form: what it does not say stays as it is. */
export function writeGroupSpec(form: GroupForm): Readonly<Record<string, unknown>> {
  const rules = groupDirections.flatMap(({ field, rules: key }) =>
    form[field] === undefined ? [] : [[key, (form[field] ?? []).map((rule, index) => ruleOf(rule, index))]],
  );
  const same = form.allowsSameGroup === undefined ? {} : { allowSameGroupTraffic: form.allowsSameGroup === true };
  return { ...Object.fromEntries(rules), ...same };
}

/** Rules without a priority count in their order. */
function ruleOf(rule: SecurityRuleForm, index: number, group?: string): OvnSecurityRule {
  const { protocol, address, securityGroupId, family, portMin, portMax, priority, action } = rule;
  const isOfPorts = protocol === 'TCP' || protocol === 'UDP';
  const byGroup = group ?? groupOfId(String(securityGroupId)).name ?? '';
  return {
    ipVersion: (address ? familyOf(address) : undefined) ?? (family ?? 'IPV4').toLowerCase(),
    protocol: protocol.toLowerCase(),
    priority: priority ?? index + 1,
    ...(address
      ? { remoteType: 'address', remoteAddress: address }
      : { remoteType: 'securityGroup', remoteSecurityGroup: byGroup }),
    ...(isOfPorts ? { portRangeMin: portMin ?? 1, portRangeMax: portMax ?? portMin ?? 65_535 } : {}),
    policy: (action ?? 'ALLOW').toLowerCase(),
  };
}

export function groupManifest(given: {
  readonly objectName: string;
  readonly vpc: string;
  readonly owner: Owner | undefined;
  readonly form: GroupForm & { readonly name: string };
}): object {
  const { objectName, vpc, owner, form } = given;
  return {
    metadata: {
      name: objectName,
      labels: labelsOfOwner(owner),
      annotations: { [groupVpcAnnotation]: vpc, ...wordsOf(form) },
    },
    spec: { ingressRules: [], egressRules: [], allowSameGroupTraffic: false, ...writeGroupSpec(form) },
  };
}
