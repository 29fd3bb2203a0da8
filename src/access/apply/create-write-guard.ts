import type { Principal, Role } from '../../kernel/principal.ts';
import { type KindRef, subjectOf } from '../../kube/kind-ref.ts';
import type { WriteGuard, WriteJudge } from '../../kube/write-guard.ts';
import type { WorkspaceKind } from '../workspace-kinds.ts';
import { isPowerKind } from './apply-kinds.ts';
import { type ApplyRequest, decideApply, decideKind } from './decide-apply.ts';
import { isHarmlessPart } from './is-harmless-part.ts';
import { judgeWorkspaceObject } from './judge-workspace-object.ts';
import { isNode, valueAt } from './read-manifest.ts';

/**
 * The gateway must not lend its power, on no road that writes: typed inputs, YAML, batches, rollbacks and what plugins
 * write all end in one writer, and this is asked there, whoever the cluster sees. Administrators of the platform are
 * administrators of its clusters; a principal that nobody signed in is nobody.
 */
export function createWriteGuard(options: {
  /** Whether it came from the authenticator as it is. */
  readonly isIssued: (principal: Principal) => boolean;
  /** Its roles that hold in a namespace of the cluster; without one, those that hold anywhere. */
  readonly rolesOf: (
    principal: Principal,
    place?: { readonly cluster: string; readonly namespace: string },
  ) => readonly Role[];
  readonly rulesOf: (cluster: string) => ApplyRequest['clusterSettings'];
  /** Tenants in which it is more than a guest. */
  readonly tenantsOf: (principal: Principal) => ReadonlySet<string>;
  /** Kinds without a namespace that workspaces may have. */
  readonly workspaceKinds: readonly WorkspaceKind[];
}): WriteGuard {
  const workspaceKinds = new Map(options.workspaceKinds.map((given) => [subjectOf(given.kind), given]));
  return {
    judgeOf(principal, cluster) {
      const isKnown = options.isIssued(principal);
      if (isKnown && principal.roles.includes('ADMIN')) return undefined;
      const rolesIn = (namespace: string | undefined): readonly Role[] =>
        isKnown ? options.rolesOf(principal, namespace === undefined ? undefined : { cluster, namespace }) : [];
      const roles = rolesIn(undefined);
      const clusterSettings = options.rulesOf(cluster);
      const tenants = isKnown ? options.tenantsOf(principal) : new Set<string>();
      const own = {
        workspaces: new Set(
          [...tenants].flatMap((tenant) => (tenant.startsWith(prefix) ? tenant.slice(prefix.length) : [])),
        ),
        hasNamespace: (name: string) => rolesIn(name).some((role) => role !== 'GUEST'),
      };
      return {
        ofKind: (kind) =>
          workspaceKinds.has(subjectOf(kind)) && own.workspaces.size > 0
            ? []
            : messagesOf(decideKind({ roles, kind, clusterSettings })),
        ofObject(kind, object) {
          const workspaceKind = workspaceKinds.get(subjectOf(kind));
          if (workspaceKind) return judgeWorkspaceObject(workspaceKind, object, own).map(({ message }) => message);
          return messagesOf(decideApply({ roles: rolesIn(namespaceOf(object)), kind, object, clusterSettings }));
        },
        ofSubresource: judgeSubresource,
        ofDeletion: (kind) =>
          roles.length === 0 || isPowerKind(subjectOf(kind)) ? [`${kind.kind} is for administrators to delete`] : [],
        needsWhole: (kind, part) => workspaceKinds.has(subjectOf(kind)) || !isHarmlessPart(subjectOf(kind), part),
      };
    },
  };
}

/** How tenants that are workspaces are named. */
const prefix = 'workspace/';

/** Where an object says that it lies; a part may not say. */
function namespaceOf(object: unknown): string | undefined {
  const namespace = isNode(object) ? valueAt(object, 'metadata', 'namespace') : undefined;
  return typeof namespace === 'string' ? namespace : undefined;
}

function messagesOf(decision: ReturnType<typeof decideApply>): readonly string[] {
  return decision.ok ? [] : decision.violations.map(({ message }) => message);
}

/** Below which kinds something may be posted or patched; everything else (tokens, bindings, status, …) is refused. */
const subresources: Readonly<Record<string, { readonly needsWhole: boolean }>> = {
  'create core/Pod eviction': { needsWhole: false },
  'patch core/Pod resize': { needsWhole: false },
  'patch core/Pod ephemeralcontainers': { needsWhole: true },
};

const judgeSubresource: WriteJudge['ofSubresource'] = (verb, kind: KindRef, subresource) => {
  const key = `${verb} ${subjectOf(kind)} ${subresource}`;
  const known = Object.hasOwn(subresources, key) ? subresources[key] : undefined;
  // Scaling says how many of what is there already.
  if (verb === 'patch' && subresource === 'scale') return { reasons: [], needsWhole: false };
  if (!known) {
    return { reasons: [`The subresource '${subresource}' of ${kind.kind} is for administrators`], needsWhole: true };
  }
  return { reasons: [], needsWhole: known.needsWhole };
};
