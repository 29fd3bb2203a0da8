import type { Principal } from '../kernel/principal.ts';
import type { Action } from './actions.ts';
import type { GrantedCondition } from './granted-rule.ts';
import type { Instance } from './subject-facts.ts';

/**
 * What of a subject in one cluster may be seen, compiled once per list: everything, nothing, what lies in these
 * namespaces, or what passes a test of its own.
 */
export type ReadFilter =
  | 'all'
  | 'none'
  | { readonly namespaces: ReadonlySet<string> }
  | { test(instance: Instance): boolean };

/** The rights of one principal. The only place where permission is asked. */
export interface Access {
  readonly principal: Principal;
  /** Same string, same rights: the key under which answers and streams may be shared. Reveals nothing (a digest). */
  readonly canonical: string;
  /**
   * Whether the principal may do this to this instance; with `field`, to this field of it. Without a field a rule for
   * single fields does not count. Throws for an action nobody declares and for what is no instance.
   */
  allowed(action: Action, instance: Instance, field?: string): boolean;
  /** Throws `NotFoundError` where the instance may not even be read, `ForbiddenError` where only the action is not allowed. */
  requireAllowed(action: Action, instance: Instance, field?: string): void;
  /** For lists and streams; `action` is READ unless said otherwise. */
  readFilter(subject: string, cluster: string, action?: Action): ReadFilter;
  /** For tables: one of these must hold (an empty list means nothing is allowed); `'all'` without condition. */
  conditionsFor(action: Action, subject: string): 'all' | readonly GrantedCondition[];
  /** Tenants that an instance lies in by itself, e.g. `workspace/<uuid>`; what lies in a namespace says none. */
  tenantsOf(instance: Instance): readonly string[];
  /** Whether there could be an instance that allows this. Says what is worth asking, never what is allowed. */
  mayEver(action: Action, subject: string): boolean;
  /** Whether what is allowed follows from rights and instance alone, and not from a profile, which may change. */
  isSettled(action: Action, subject: string): boolean;
}
