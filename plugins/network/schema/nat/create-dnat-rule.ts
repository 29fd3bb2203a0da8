import { isIPv4 } from 'node:net';
import { type PodObject, podKind } from 'longshore/plugins/compute';
import { descriptionText } from 'longshore/plugins/core';
import {
  checkText,
  type InputTypeRef,
  inputRef,
  isOfKind,
  type LongshoreBuilder,
  loadOfKind,
  named,
  objectSuccess,
  origin,
  registerMutation,
  subjectOf,
  type ValidationIssue,
} from 'longshore/sdk';
import { dnatRuleTypeRef } from '../../api.ts';
import { requireInstanceAddress } from '../../services/nat/instance-address.ts';
import {
  type DnatRuleObject,
  dnatRuleKind,
  type EipObject,
  eipKind,
  fipRuleKind,
} from '../../services/nat/nat-kinds.ts';
import { loadOwned, profileOf, requireSameCluster } from '../../services/nat/nat-targets.ts';
import { planDnatRule } from '../../services/nat/plan-dnat-rule.ts';
import { madeOutcome, requireMaking } from './make-one.ts';

interface PortInput {
  readonly protocol: 'TCP' | 'UDP';
  readonly elasticIpPort: number;
  readonly instancePort: number;
}

const portInputRef: InputTypeRef<PortInput> = inputRef<PortInput>('DnatPortMappingInput');

interface Wanted {
  readonly eip: EipObject;
  readonly pod: PodObject | undefined;
}

/** Leading what reaches an elastic IP to an instance (NET-37). */
export function registerCreateDnatRule(builder: LongshoreBuilder): void {
  builder.inputType('DnatPortMappingInput', {
    description: 'One port of an elastic IP that leads to a port of an instance.',
    fields: (t) => ({
      protocol: t.field({ type: named('NatProtocol'), required: true, description: 'TCP or UDP.' }),
      elasticIpPort: t.int({ required: true, description: 'The port outside, 1 to 65535.' }),
      instancePort: t.int({ required: true, description: 'The port of the instance, 1 to 65535.' }),
    }),
  });
  registerMutation(builder, {
    name: 'createDnatRule',
    description:
      'Leads one port of an elastic IP to an instance (`portMapping`), or all of them (without): then the instance goes out by it too, and nothing else can use it (NET-35, NET-37). A rule keeps the address that the instance has now: give it a fixed one where it shall outlive the pod.',
    allow: { action: 'UPDATE', subject: subjectOf(eipKind) },
    input: (t) => ({
      elasticIpId: t.id({ required: true, description: 'The elastic IP.' }),
      portMapping: t.field({ type: portInputRef, description: 'The port; all ports where it is not set.' }),
      podId: t.id({ description: 'The instance, a pod in the VPC of the gateway. Either this or `address`.' }),
      address: t.string({
        description:
          'The IPv4 address of the instance, in the VPC of the gateway: that of a pod that you may change, or one that no pod has.',
      }),
      description: t.string({ description: 'What it is for, by the rule `description.text` of the profile.' }),
    }),
    success: objectSuccess(
      'The rule was made; it is CREATING until the gateway has it.',
      'dnatRule',
      dnatRuleTypeRef as never,
    ),
    validate: (input) => checkRule(input as unknown as RuleInput),
    load: async ({ elasticIpId, podId }, context) => {
      const target = await loadOwned(String(elasticIpId), eipKind, 'ELASTIC_IP', context);
      const pod = podId ? await loadOfKind(String(podId), podKind, context) : undefined;
      return { ...target, value: { eip: target.value, pod: pod?.value } };
    },
    check: ({ description }, { eip }: Wanted, context) =>
      checkText(profileOf(eip, context).get(descriptionText), 'description', description ?? ''),
    run: async ({ portMapping, address, description }, { eip, pod }: Wanted, ticket, context) => {
      if (pod) requireSameCluster(eip, pod, ['podId']);
      const to = await requireInstanceAddress(eip, pod, address ?? undefined, context);
      const mapping = (portMapping ?? undefined) as unknown as PortInput | undefined;
      requireMaking(mapping ? dnatRuleKind : fipRuleKind, eip.metadata.name, eip, context);
      const { kind, manifest } = await planDnatRule({ eip, address: to, mapping, description }, context);
      const writer = context.cluster(eip[origin].cluster).writer(context.principal);
      const { object, warnings } = await writer.create(ticket, kind, manifest);
      return madeOutcome(object as DnatRuleObject, warnings);
    },
    replay: (node): DnatRuleObject | null =>
      isOfKind(node, dnatRuleKind) || isOfKind(node, fipRuleKind) ? (node as DnatRuleObject) : null,
  });
}

interface RuleInput {
  readonly portMapping?: PortInput | null;
  readonly podId?: string | null;
  readonly address?: string | null;
}

function checkRule({ portMapping, podId, address }: RuleInput): readonly ValidationIssue[] {
  const issues: ValidationIssue[] = [];
  if (Boolean(podId) === Boolean(address)) {
    issues.push({ path: [podId ? 'address' : 'podId'], code: 'one_of', message: 'Give either podId or address' });
  }
  if (address && !isIPv4(address)) {
    issues.push({
      path: ['address'],
      code: 'invalid_address',
      message: `address must be an IPv4 address, got '${address}'`,
    });
  }
  for (const field of ['elasticIpPort', 'instancePort'] as const) {
    const port = portMapping?.[field];
    if (port === undefined || (port >= 1 && port <= 65_535)) continue;
    const message = `${field} must be 1 to 65535, got ${port}`;
    issues.push({ path: ['portMapping', field], code: port < 1 ? 'too_small' : 'too_big', message });
  }
  return issues;
}
