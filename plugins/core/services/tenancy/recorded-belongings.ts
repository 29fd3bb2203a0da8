import type { Member, MemberRole, NamespaceBinding } from '../../api.ts';

/** Two sides of a change as records compare them; each thing stands under its place in the input, so that it keeps its path. */
export interface RecordedSides {
  readonly before: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly after: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Who came, went, or has another role: `PRINCIPAL dev:ann as DEVELOPER` (CORE-18). A role that is undefined is none. */
export function recordedMembers(
  changed: readonly (Pick<Member, 'kind' | 'name'> & {
    readonly before: MemberRole | undefined;
    readonly after: MemberRole | undefined;
  })[],
): RecordedSides {
  const say = (side: 'before' | 'after') =>
    numbered(changed.map((each) => each[side] && `${each.kind} ${each.name} as ${each[side]}`));
  return { before: { members: say('before') }, after: { members: say('after') } };
}

/** Whose a namespace was before it was bound; see `TenancyService.bindNamespaces`. */
export type BoundBefore = 'NOBODY' | 'SAME' | 'SAME_WORKSPACE';

/** Which namespaces came, went, or moved: `dev/shop` (CORE-18). Other projects of the workspace are not named: not everybody sees them. */
export function recordedNamespaces(
  changed: readonly (Pick<NamespaceBinding, 'cluster' | 'namespace'> & {
    readonly before: BoundBefore;
    readonly isBoundAfter: boolean;
  })[],
): RecordedSides {
  const place = ({ cluster, namespace }: Pick<NamespaceBinding, 'cluster' | 'namespace'>) => `${cluster}/${namespace}`;
  const was = { NOBODY: undefined, SAME: '', SAME_WORKSPACE: ' elsewhere in the workspace' } as const;
  const before = changed.map((each) => {
    const suffix = was[each.before];
    return suffix === undefined ? undefined : `${place(each)}${suffix}`;
  });
  const after = changed.map((each) => (each.isBoundAfter ? place(each) : undefined));
  return { before: { namespaces: numbered(before) }, after: { namespaces: numbered(after) } };
}

function numbered(texts: readonly (string | undefined)[]): Readonly<Record<string, string>> {
  return Object.fromEntries(texts.flatMap((text, index) => (text === undefined ? [] : [[String(index), text]])));
}
