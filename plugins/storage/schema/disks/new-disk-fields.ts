import { descriptionText } from 'longshore/plugins/core';
import { checkText, type InputFieldBuilder, type Profile, type ValidationIssue } from 'longshore/sdk';
import { diskDisplayName, diskName } from '../../profile-keys/disks.ts';

/** What the forms for disks and snapshots have in common. */
export function namingFields(t: InputFieldBuilder, thing: string) {
  return {
    name: t.string({
      required: true,
      description: `Name of the ${thing}, unique in its namespace, which never changes: by \`disk.name\` of the profile.`,
    }),
    displayName: t.string({ description: 'What people call it: by `disk.displayName` of the profile.' }),
    description: t.string({ description: 'What it is for: by `description.text` of the profile.' }),
  };
}

interface Naming {
  readonly name: string;
  readonly displayName?: string | null | undefined;
  readonly description?: string | null | undefined;
}

export function checkNaming({ name, displayName, description }: Naming, profile: Profile): ValidationIssue[] {
  return [
    ...checkText(profile.get(diskName), 'name', name),
    ...(displayName ? checkText(profile.get(diskDisplayName), 'displayName', displayName) : []),
    ...(description ? checkText(profile.get(descriptionText), 'description', description) : []),
  ];
}
