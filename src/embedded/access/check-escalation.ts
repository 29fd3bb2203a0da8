import { forbidden, notFound } from '../api/status-error.ts';
import { asObject, asObjectList, asString, isEqualJson, type JsonObject } from '../machinery/json.ts';
import { describeEscalation } from './covers.ts';
import { type PolicyRule, readRules } from './policy-rule.ts';
import type { Requester } from './requester.ts';

/** An object on its way in, or one that is stored. */
type Written = Readonly<JsonObject> & { readonly metadata: object };

const group = 'rbac.authorization.k8s.io';
const fullAuthority: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] },
  { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] },
];

/**
 * Nobody writes into a role what it may not do itself, unless it may `escalate` (RBAC concept page, "Privilege
 * escalation prevention"). Throws `StatusError` 403.
 */
export function checkRoleEscalation(
  plural: string,
  role: Written,
  current: Written | undefined,
  writer: Requester,
): void {
  const { name, namespace } = addressOf(role);
  if (isSuperuser(writer) || writer.may({ verb: 'escalate', group, resource: plural, namespace, name })) return;
  if (current !== undefined && isOnlyForCollection(role, current)) return;
  refuseMissing(plural, name, namespace, readRules(role), writer);
  if (!hasAggregation(role) && !hasAggregation(current)) return;
  const held = writer.rulesIn(namespace);
  if (describeEscalation(writer.user, held, fullAuthority) !== undefined) {
    const why = 'must have cluster-admin privileges to use the aggregationRule';
    throw forbidden({ group, plural }, name, why);
  }
}

/** Nobody binds a role with rights it does not hold, unless it may `bind` that role. Throws `StatusError` 403 or 404. */
export function checkBindingEscalation(
  plural: string,
  binding: Written,
  current: Written | undefined,
  writer: Requester,
): void {
  if (isSuperuser(writer)) return;
  if (current !== undefined && isOnlyForCollection(binding, current)) return;
  const { name, namespace } = addressOf(binding);
  const reference = asObject(binding.roleRef);
  const roleRef = { kind: asString(reference?.kind) ?? '', name: asString(reference?.name) ?? '' };
  const resource = roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles';
  if (writer.may({ verb: 'bind', group, resource, namespace, name: roleRef.name })) return;
  const { rules, error } = writer.rulesOfRole(roleRef, namespace);
  // The real server names the binding's resource and the role's name, too.
  if (error !== undefined) throw notFound({ group, plural, kind: plural }, roleRef.name);
  refuseMissing(plural, name, namespace, rules, writer);
}

function refuseMissing(
  plural: string,
  name: string,
  namespace: string,
  wanted: readonly PolicyRule[],
  writer: Requester,
): void {
  const why = describeEscalation(writer.user, writer.rulesIn(namespace), wanted);
  if (why !== undefined) throw forbidden({ group, plural }, name, why);
}

function addressOf(object: Written): { name: string; namespace: string } {
  const metadata = object.metadata as JsonObject;
  return { name: asString(metadata.name) ?? '', namespace: asString(metadata.namespace) ?? '' };
}

function isSuperuser({ user }: Requester): boolean {
  return user.groups.includes('system:masters');
}

function hasAggregation(role: Written | undefined): boolean {
  return asObjectList(asObject(role?.aggregationRule)?.clusterRoleSelectors).length > 0;
}

/** A write that only takes off owners or finalizers grants nothing. */
function isOnlyForCollection(object: Written, current: Written): boolean {
  const strip = ({ metadata, ...rest }: Written): JsonObject => {
    const { ownerReferences, finalizers, managedFields, resourceVersion, ...kept } = metadata as JsonObject;
    return { ...rest, metadata: kept };
  };
  return isEqualJson(strip(object), strip(current));
}
