import { type InputFieldBuilder, type InputTypeRef, inputRef, type LongshoreBuilder, named } from 'longshore/sdk';
import { mostRules, type SecurityRuleForm } from '../../services/groups/plan-group.ts';

const ruleRef: InputTypeRef<SecurityRuleForm> = inputRef<SecurityRuleForm>('SecurityGroupRuleInput');

export function registerGroupInputs(builder: LongshoreBuilder): void {
  builder.inputType('SecurityGroupRuleInput', {
    description: 'A rule of a security group: the other side is an address or network, or the pods of a group.',
    fields: (t) => ({
      protocol: t.field({
        type: named('SecurityGroupProtocol'),
        required: true,
        description: 'What it is about; UNKNOWN is never taken.',
      }),
      address: t.string({ description: 'Address or network on the other side, e.g. 10.0.0.0/16 or 0.0.0.0/0.' }),
      securityGroupId: t.id({ description: 'The group whose pods are on the other side, of the same VPC.' }),
      family: t.field({
        type: named('AddressFamily'),
        description: 'With `securityGroupId`: for which addresses; IPV4 where nothing is said.',
      }),
      portMin: t.int({ description: 'First port, of TCP and UDP, 1 to 65535; all ports where none is given.' }),
      portMax: t.int({ description: 'Last port; `portMin` alone where none is given.' }),
      priority: t.int({
        description:
          '1 to 16384, each once in a direction: the lowest one counts. Its place in the list where none is given.',
      }),
      action: t.field({ type: named('SecurityGroupAction'), description: 'ALLOW where nothing is said.' }),
    }),
  });
}

/** What making and changing a group have in common. */
export function groupFields(t: InputFieldBuilder) {
  return {
    description: t.string({ description: 'What it is for: by `description.networkText` of the profile.' }),
    ingress: t.field({
      type: [ruleRef],
      description: `What reaches its pods, all of it, up to ${mostRules} rules; nothing else does.`,
    }),
    egress: t.field({
      type: [ruleRef],
      description: `What its pods reach, all of it, up to ${mostRules} rules; nothing else.`,
    }),
    allowsSameGroup: t.boolean({ description: 'Whether its pods reach one another, whatever its rules say.' }),
  };
}
