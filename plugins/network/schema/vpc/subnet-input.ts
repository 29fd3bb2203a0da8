import { descriptionNetworkText } from 'longshore/plugins/core';
import { checkText, inputRef, type LongshoreBuilder, type Profile, type ValidationIssue } from 'longshore/sdk';
import { subnetZoneRequired, vpcName } from '../../profile-keys/vpc.ts';
import type { SubnetForm } from '../../services/vpc/create-vpc.ts';

export const subnetInputRef = inputRef<SubnetForm>('SubnetInput');

/** Most subnets of one call. */
export const mostSubnets = 50;

export function registerSubnetInput(builder: LongshoreBuilder): void {
  builder.inputType('SubnetInput', {
    description: 'A subnet to be made: by its network, or by a mask alone, for which a free place is found.',
    fields: (t) => ({
      name: t.string({
        required: true,
        description: 'What people call it, once in its VPC: by `vpc.name` of the profile.',
      }),
      cidr: t.string({ description: "Its network, inside of the VPC's and on no other subnet, e.g. 10.0.1.0/24." }),
      mask: t.int({
        description: 'Length of its mask, for a free place: by `subnet.mask.*` of the profile, which has a default.',
      }),
      gateway: t.string({ description: 'Address of its gateway; the first of the network unless said otherwise.' }),
      zone: t.string({
        description: 'An availability zone of the workspace; by the profile it must be said (`subnet.zoneRequired`).',
      }),
      description: t.string({ description: 'What it is for: by `description.networkText` of the profile.' }),
      isPrivate: t.boolean({ description: 'Whether other subnets shall not reach it.' }),
    }),
  });
}

/** What the profile has against these subnets, whatever their networks. */
export function checkSubnetForms(
  forms: readonly SubnetForm[],
  profile: Profile,
  zones: readonly string[] | undefined,
): readonly ValidationIssue[] {
  return forms.flatMap(({ name, description, zone }, index) => {
    const at = ({ path, ...rest }: ValidationIssue): ValidationIssue => ({
      ...rest,
      path: ['subnets', index, ...path],
    });
    const issues = [
      ...checkText(profile.get(vpcName), 'name', name),
      // A platform that wants two characters of a description wants none where there is no description.
      ...(description ? checkText(profile.get(descriptionNetworkText), 'description', description) : []),
    ];
    if (!zone && profile.get(subnetZoneRequired)) {
      issues.push({ path: ['zone'], code: 'required', message: 'zone must name the availability zone of the subnet' });
    }
    if (zone && zones && !zones.includes(zone)) {
      issues.push({
        path: ['zone'],
        code: 'unknown_zone',
        message: `zone must be one of the workspace's ${zones.join(', ')}`,
      });
    }
    return issues.map(at);
  });
}
