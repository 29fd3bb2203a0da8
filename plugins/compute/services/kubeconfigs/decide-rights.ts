import { namespaceKind } from 'longshore/plugins/core';
import { type Access, subjectOf } from 'longshore/sdk';
import { type PolicyRule, remainingRules, rulesInNamespace, rulesOfCluster } from './rules-of-caller.ts';

/** What a kubeconfig may do, as its roles in the cluster say. */
export interface GivenRights {
  readonly cluster: string;
  /** Undefined for the whole cluster. */
  readonly namespaces: readonly string[] | undefined;
  readonly canWrite: boolean;
  readonly rulesOfCluster: readonly PolicyRule[];
  /** By namespace; one whose role is gone has none. */
  readonly rules: ReadonlyMap<string, readonly PolicyRule[]>;
}

/** What is left of them once whoever has it may do less: `'KEEP'` where nothing is lost, `'REVOKE'` where nothing would be left. */
export type RightsNow = 'KEEP' | 'REVOKE' | NarrowedRights;

export interface NarrowedRights {
  /** Those where something is left. */
  readonly namespaces: readonly string[] | undefined;
  readonly canWrite: boolean;
  /** Undefined where it stays as it is. */
  readonly rulesOfCluster: readonly PolicyRule[] | undefined;
  /** Roles that say less from now on, by namespace. */
  readonly rules: ReadonlyMap<string, readonly PolicyRule[]>;
}

type Rights = Pick<Access, 'allowed' | 'conditionsFor' | 'readFilter'>;

/**
 * Holds a kubeconfig that is out to what its holder may do now (CMP-15): it is never given more than it had. `access` is undefined for
 * somebody who may not be here any more. Pure.
 */
export function decideRights(given: GivenRights, access: Rights | undefined): RightsNow {
  if (!access) return 'REVOKE';
  const { cluster, namespaces, canWrite } = given;
  const mayHave = (namespace: string | undefined, isWriting: boolean) =>
    access.allowed(isWriting ? 'ISSUE_WRITING_KUBECONFIG' : 'ISSUE_KUBECONFIG', {
      subject: subjectOf(namespaceKind),
      cluster,
      namespace,
      name: namespace,
    } as never);
  const asked = { access, cluster };
  const rulesAt = (namespace: string | undefined) =>
    mayHave(namespace, false) ? rulesInNamespace(asked, namespace, canWrite && mayHave(namespace, true)) : [];

  const whole = remainingRules(given.rulesOfCluster, [
    ...rulesOfCluster(asked),
    ...(namespaces ? [] : rulesAt(undefined)),
  ]);
  const changed = new Map<string, readonly PolicyRule[]>();
  const left: string[] = [];
  for (const namespace of namespaces ?? []) {
    const had = given.rules.get(namespace) ?? [];
    const rules = remainingRules(had, rulesAt(namespace));
    if (rules !== had) changed.set(namespace, rules);
    if (rules.length > 0) left.push(namespace);
  }
  if (namespaces ? left.length === 0 : !mayHave(undefined, false) || whole.length === 0) return 'REVOKE';
  if (changed.size === 0 && whole === given.rulesOfCluster) return 'KEEP';
  return {
    namespaces: namespaces && left,
    canWrite: canWrite && (namespaces ? left : [undefined]).some((namespace) => mayHave(namespace, true)),
    rulesOfCluster: whole === given.rulesOfCluster ? undefined : whole,
    rules: changed,
  };
}
