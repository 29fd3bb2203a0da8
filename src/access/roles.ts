import { didYouMean } from '../config/nearest-word.ts';
import { builtInRoles, type Membership, type MembershipRank, membershipRanks, type Role } from '../kernel/principal.ts';

/** A role besides the built-in ones. What it may do is said by rules that name it. */
export interface RoleDefinition {
  /** A letter, then letters, digits, `-` and `_`, up to 63; unique whatever its case. */
  readonly name: string;
  readonly description: string;
  /** Roles whose rights it has as well; never ADMIN. */
  readonly extends?: readonly Role[];
  /**
   * Whether who manages the members of a tenant may give it to them, for inside the tenant. Not unless it says so: whoever
   * manages members could give themselves what they have not.
   */
  readonly isForMembers?: boolean;
}

/** A role with what it stands for. */
export interface KnownRole {
  readonly name: Role;
  readonly description: string;
  readonly extends: readonly Role[];
  readonly isForMembers: boolean;
  /** `longshore`, the plugin that defines it, or `settings`. */
  readonly definedBy: string;
}

/** All roles of this gateway. */
export interface Roles {
  /** Built-in ones first, then by name. */
  readonly all: readonly KnownRole[];
  has(name: string): boolean;
  /** A role with all that it extends, itself first. What nobody defines stands for itself and grants nothing. */
  including(name: Role): readonly Role[];
  /** Whether a member of a tenant may have it: each rank, and what says that it is for members. */
  isForMembers(name: string): boolean;
  /** The roles that a membership gives inside its tenant; those of a GUEST where it names none for members. */
  ofMembership(as: Membership['as']): readonly Role[];
  /** How much a membership counts in rules that ask for a rank. */
  rankOf(as: Membership['as']): MembershipRank;
}

/**
 * Which role comes with a membership of which rank; it holds in the tenant's own namespaces and on the tenant itself, and
 * nowhere else. Nobody becomes an ADMIN of the platform by belonging somewhere: what administrators of a tenant may do
 * besides is said by rules that ask for the rank.
 */
export const rolesOfRanks: Readonly<Record<MembershipRank, Role>> = {
  GUEST: 'GUEST',
  DEVELOPER: 'DEVELOPER',
  ADMIN: 'DEVELOPER',
};

const builtIn: readonly KnownRole[] = [
  {
    name: 'ADMIN',
    description: 'May do everything everywhere.',
    extends: [],
    isForMembers: true,
    definedBy: 'longshore',
  },
  {
    name: 'DEVELOPER',
    description: 'Works in the namespaces it is given.',
    extends: ['GUEST'],
    isForMembers: true,
    definedBy: 'longshore',
  },
  {
    name: 'GUEST',
    description: 'Sees what is common to all who belong anywhere, and that the tenants it belongs to are there.',
    extends: [],
    isForMembers: true,
    definedBy: 'longshore',
  },
];

/** Throws where a role is not sound; `at` says where it stands, in words that a sentence can begin with. */
export function createRoles(
  definitions: readonly { readonly definedBy: string; readonly at: string; readonly role: RoleDefinition }[],
): Roles {
  const known = new Map<string, KnownRole>(builtIn.map((role) => [role.name, role]));
  const folded = new Set<string>(builtInRoles.map((name) => name.toLowerCase()));
  for (const { definedBy, at, role } of definitions) {
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,62}$/.test(role.name)) {
      throw new Error(`${at} defines the role '${role.name}'; a role is written with letters, digits, '-' and '_'`);
    }
    if (folded.has(role.name.toLowerCase())) {
      throw new Error(`${at} defines the role '${role.name}', which is there already`);
    }
    folded.add(role.name.toLowerCase());
    known.set(role.name, {
      name: role.name,
      description: role.description,
      extends: [...(role.extends ?? [])],
      isForMembers: role.isForMembers ?? false,
      definedBy,
    });
  }
  for (const { at, role } of definitions) {
    for (const name of role.extends ?? []) {
      if (name === 'ADMIN') throw new Error(`${at} extends ADMIN, which nothing can narrow: give ADMIN itself`);
      if (!known.has(name)) {
        throw new Error(`${at} extends '${name}', which is no role${didYouMean(name, known.keys())}`);
      }
    }
    if ((role.extends ?? []).some((name) => collect(name).includes(role.name)))
      throw new Error(`${at} extends itself: ${role.name}`);
  }

  function collect(name: Role): readonly Role[] {
    const found = new Set<Role>([name]);
    // A set grows while it is walked.
    for (const each of found) {
      for (const next of known.get(each)?.extends ?? []) found.add(next);
    }
    return [...found];
  }
  const inclusions = new Map<string, readonly Role[]>([...known.keys()].map((name) => [name, collect(name)]));
  const including = (name: Role): readonly Role[] => inclusions.get(name) ?? [name];
  const isForMembers = (name: string): boolean => known.get(name)?.isForMembers ?? false;
  const isRank = (as: string): as is MembershipRank => (membershipRanks as readonly string[]).includes(as);

  return {
    all: [...builtIn, ...[...known.values()].slice(builtIn.length).sort((a, b) => (a.name < b.name ? -1 : 1))],
    has: (name) => known.has(name),
    including,
    isForMembers,
    ofMembership: (as) => including(isRank(as) ? rolesOfRanks[as] : isForMembers(as) ? as : 'GUEST'),
    rankOf: (as) => (isRank(as) ? as : isForMembers(as) && including(as).includes('DEVELOPER') ? 'DEVELOPER' : 'GUEST'),
  };
}
