import type { ProfileKey } from '../../kernel/profiles/profile-key.ts';
import type { TextRule } from '../../kernel/profiles/text-rule.ts';
import type { MaybePromise } from '../../kube/cluster-reader.ts';
import type { RequestContext } from '../request-context.ts';

/** Where something shall get a name. */
export interface NamePlace {
  readonly cluster?: string | undefined;
  readonly namespace?: string | undefined;
  /** Global id of what it shall be in: a ConfigMap for its keys, a workspace for its projects. */
  readonly parentId?: string | undefined;
}

/** Whether a name is usable for something that a plugin can make; asked by the query `nameCheck` before it is made (CORE-36). */
export interface NameCheck {
  /** What gets the name, e.g. `CONFIG_MAP`: a member of the enum `NamedThing`. */
  readonly of: string;
  readonly description: string;
  /** What of its place must be told; the rest is optional. */
  readonly needs?: readonly (keyof NamePlace)[];
  /** What the mutation that makes it holds the name to: a rule of the place's profile, or the same everywhere. */
  readonly rule: ProfileKey<TextRule> | TextRule;
  /** Whether something there has the name already, as this caller sees it: what is hidden is not there. */
  readonly isTaken?: (name: string, place: NamePlace, context: RequestContext) => MaybePromise<boolean>;
}

declare module '../../kernel/manifest.ts' {
  interface ManifestSlots {
    /** Names that it can check before something is made: members of the enum `NamedThing`. */
    readonly nameChecks?: readonly NameCheck[];
  }
}
