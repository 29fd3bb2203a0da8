import type { MembershipRank, Role } from '../kernel/principal.ts';
import type { Action } from './actions.ts';
import type { ProfileSwitch } from './profile-switches.ts';
import type { RoleDefinition } from './roles.ts';
import type { Fact, SubjectDescriptor } from './subject-facts.ts';

/**
 * What must hold for a rule to grant: `'namespaces'`, it lies in a namespace of the principal; `'own'`, it belongs to
 * the principal; an object says several at once, and all of them must hold.
 */
export type PermissionCondition =
  | 'namespaces'
  | 'own'
  | {
      readonly namespaces?: true | undefined;
      readonly own?: true | undefined;
      /** It lies in a tenant that the principal belongs to, at least as this. */
      readonly member?: MembershipRank | undefined;
      /** With `member`: only tenants of this kind count, e.g. `workspace`. */
      readonly tenantKind?: string | undefined;
      /** The principal, or one of its groups as `group:<name>`, is on one of these lists of people that the instance names. */
      readonly principalIn?: readonly string[] | undefined;
      /** Facts and the values they may have. */
      readonly facts?: Readonly<Record<string, Fact | readonly Fact[]>> | undefined;
      /** Keys of the profile in force where it lies, and the values they may have. Decides no READ. */
      readonly profile?: Readonly<Record<string, Fact | readonly Fact[]>> | undefined;
    };

/**
 * One grant, as data. Rules only ever add: what no rule grants is denied, and no order matters. Say `fields` only to
 * grant those fields alone; without it the whole instance and each of its fields is granted.
 */
export interface PermissionRule {
  readonly roles: readonly Role[];
  /** `'ALL'` grants every action, also those that other plugins add. */
  readonly actions: readonly Action[] | 'ALL';
  /** `core/Pod`, `release/Order`, …; `'ALL'` grants every subject there is or will be. */
  readonly subjects: readonly string[] | 'ALL';
  readonly fields?: readonly string[] | undefined;
  readonly where?: PermissionCondition | undefined;
}

declare module '../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Roles the plugin adds; rules say what they may do. */
    readonly roles?: readonly RoleDefinition[];
    /** Actions that a profile can switch off for everybody. */
    readonly profileSwitches?: readonly ProfileSwitch[];
    /** Who may do what to the plugin's subjects. */
    readonly permissions?: readonly PermissionRule[];
    /** Actions the plugin adds to the enum `Action`, UPPER_SNAKE. */
    readonly actions?: readonly string[];
    /** How to read the facts of the plugin's own subjects. */
    readonly subjects?: readonly SubjectDescriptor[];
  }
}
