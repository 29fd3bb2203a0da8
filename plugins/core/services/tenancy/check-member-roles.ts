import type { KnownRole, ValidationIssue } from 'longshore/sdk';
import type { Member } from '../../api.ts';

/** Only what is for members: whoever manages members could otherwise give themselves any role there is. */
export function checkMemberRoles(
  members: readonly Pick<Member, 'role'>[],
  roles: { readonly all: readonly KnownRole[]; isForMembers(name: string): boolean },
): readonly ValidationIssue[] {
  const allowed = roles.all.filter(({ isForMembers }) => isForMembers).map(({ name }) => name);
  return members.flatMap(({ role }, index) =>
    roles.isForMembers(role)
      ? []
      : [
          {
            path: ['members', index, 'role'],
            code: 'invalid_role',
            message: `role must be one of ${allowed.join(', ')}, got ${JSON.stringify(role.slice(0, 80))}`,
          },
        ],
  );
}
