import type { ValidationIssue } from 'longshore/sdk';
import type { Member } from '../../api.ts';

const maxMembers = 1_000;
const longestName = 253;

/** One to a thousand different members, each by a name that somebody can have. */
export function checkMembers(members: readonly Pick<Member, 'kind' | 'name'>[]): readonly ValidationIssue[] {
  if (members.length === 0 || members.length > maxMembers) {
    return [
      {
        path: ['members'],
        code: members.length === 0 ? 'too_small' : 'too_big',
        message: `members must have 1 to ${maxMembers} entries, got ${members.length}`,
      },
    ];
  }
  const seen = new Set<string>();
  return members.flatMap(({ kind, name }, index): ValidationIssue[] => {
    const key = `${kind} ${name}`;
    const isTwice = seen.has(key);
    seen.add(key);
    const refuse = (code: string, message: string) => [{ path: ['members', index, 'name'], code, message }];
    if (isTwice) return refuse('duplicate', 'members must not name somebody twice');
    if (name.length === 0 || name.length > longestName || /\p{Cc}|\p{Cs}|^\s|\s$/u.test(name)) {
      return refuse(
        'invalid_name',
        `name must be 1 to ${longestName} characters without control characters or spaces around them`,
      );
    }
    // Such names belong to the cluster itself; nobody who signs in has one.
    if (/^system:/i.test(name)) return refuse('invalid_name', "name must not begin with 'system:'");
    return [];
  });
}
