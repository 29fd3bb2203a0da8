import type { InputFieldBuilder } from 'longshore/sdk';
import type { Department, Project, Workspace } from '../../api.ts';

/** Inputs that making a workspace, project and department have in common. */
export function creationInputs(t: InputFieldBuilder) {
  return {
    identifier: t.string({
      required: true,
      description:
        '1 to 63 lower-case letters, digits and dashes; begins with a letter and does not end with a dash (`tenant.identifier` of the profile). It never changes.',
    }),
    displayName: t.string({
      required: true,
      description: 'What people call it, of any script (`tenant.displayName` of the profile).',
    }),
    description: t.string({ description: 'What it is for (`description.text` of the profile).' }),
  };
}

/** Inputs that changing them has in common; what is not given stays as it is. */
export function updateInputs(t: InputFieldBuilder) {
  return {
    id: t.id({ required: true, description: 'Its global id.' }),
    version: t.int({ required: true, description: 'The version that you saw: a CONFLICT where it is an older one.' }),
    displayName: t.string({ description: 'What people call it, of any script (`tenant.displayName` of the profile).' }),
    description: t.string({ description: 'What it is for (`description.text` of the profile).' }),
  };
}

/** The fields that a mutation tells as changed. */
export function recordedFields(tenant: Workspace | Project | Department): object {
  const { id: _id, uuid: _uuid, nodeTypeName: _name, createdAt: _at, version: _version, ...fields } = tenant;
  return fields;
}
