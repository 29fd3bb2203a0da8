import type { Role } from '../../kernel/principal.ts';
import { subjectOf } from '../../kube/kind-ref.ts';
import { applyKindSubject, defaultApplyKinds, harmlessSecretTypes, isPowerKind } from './apply-kinds.ts';
import { type ApplyViolation, violationOf } from './apply-violation.ts';
import { findPodSpecs, type PodSpec } from './find-pod-specs.ts';
import { checkBaseline } from './pod-security/check-baseline.ts';
import { isBlank, isNode, isUnset, itemsAt, type ManifestNode, valueAt } from './read-manifest.ts';

export interface ApplyRequest {
  /** Roles of who asks. */
  readonly roles: readonly Role[];
  /** The kind as the cluster's discovery resolved it, never as the manifest spells it. */
  readonly kind: { readonly group: string; readonly kind: string; readonly isNamespaced: boolean };
  /** The manifest, whole or in part. */
  readonly object: unknown;
  readonly clusterSettings: {
    /** Service accounts that pods of a role may run as, besides `default`. */
    readonly serviceAccounts?: Readonly<Partial<Record<Role, readonly string[] | undefined>>> | undefined;
    /** Kinds that developers may apply (`Service`, `apps/Deployment`); the built-in list where undefined. */
    readonly applyKinds?: readonly string[] | undefined;
  };
}

export type ApplyDecision =
  | { readonly ok: true }
  | { readonly ok: false; readonly violations: readonly ApplyViolation[] };

/**
 * The gateway must not lend its power: what it writes, the author could do alone. Asked before every create, apply and
 * patch, by the writer itself (`createWriteGuard`); where a cluster sees the caller, it decides on top of this.
 * Administrators of the platform are administrators of its clusters. Pure.
 */
export function decideApply(request: ApplyRequest): ApplyDecision {
  if (request.roles.includes('ADMIN')) return { ok: true };
  const violations = violationsOf(request);
  return violations.length === 0 ? { ok: true } : { ok: false, violations };
}

/** Whether objects of this kind may be written at all, whatever is in them. Pure. */
export function decideKind(request: Omit<ApplyRequest, 'object'>): ApplyDecision {
  if (request.roles.includes('ADMIN')) return { ok: true };
  const violations = kindViolations(request);
  return violations.length === 0 ? { ok: true } : { ok: false, violations };
}

function kindViolations({ roles, kind, clusterSettings }: Omit<ApplyRequest, 'object'>): readonly ApplyViolation[] {
  const subject = subjectOf(kind);
  const kinds = clusterSettings.applyKinds?.map(applyKindSubject) ?? defaultApplyKinds;
  if (roles.length === 0 || !kinds.includes(subject) || isPowerKind(subject)) {
    return [violationOf('kind', ['kind'], 'must be a kind that developers may apply', subject)];
  }
  return kind.isNamespaced
    ? []
    : [violationOf('namespaced', ['kind'], 'must be a kind that lies in a namespace', subject)];
}

function violationsOf(request: ApplyRequest): readonly ApplyViolation[] {
  const { roles, kind, object, clusterSettings } = request;
  const subject = subjectOf(kind);
  const wrongKind = kindViolations(request);
  if (wrongKind.length > 0) return wrongKind;
  if (!isNode(object)) return [violationOf('manifest', [], 'The manifest must be an object')];

  const pods = findPodSpecs(subject, object);
  if (pods === 'too deep') return [violationOf('depth', [], 'The manifest is nested too deeply to be looked through')];
  const accounts = new Set<unknown>([
    'default',
    ...roles.flatMap((role) => clusterSettings.serviceAccounts?.[role] ?? []),
  ]);
  return [
    ...(subject === 'core/Secret' ? checkSecret(object) : []),
    ...(subject === 'core/Service' ? checkService(object) : []),
    ...(subject === 'gateway.networking.k8s.io/Gateway' ? checkGateway(object) : []),
    ...pods.flatMap((pod) => [...checkBaseline(pod), ...checkServiceAccount(pod, accounts)]),
  ];
}

/** A pod's identity towards the cluster is its service account. */
function checkServiceAccount({ spec, path }: PodSpec, accounts: ReadonlySet<unknown>): readonly ApplyViolation[] {
  return ['serviceAccountName', 'serviceAccount']
    .filter((key) => !isBlank(spec[key]) && !accounts.has(spec[key]))
    .map((key) =>
      violationOf(
        'serviceAccount',
        [...path, key],
        "must be 'default' or one that the cluster's settings list",
        spec[key],
      ),
    );
}

/** A Secret of another type, or one that names a service account, makes the cluster write a token into it. */
function checkSecret(secret: ManifestNode): readonly ApplyViolation[] {
  const { type } = secret;
  const isHarmless = isBlank(type) || (typeof type === 'string' && harmlessSecretTypes.includes(type));
  const account = 'kubernetes.io/service-account.name';
  return [
    ...(isHarmless
      ? []
      : [violationOf('secretType', ['type'], `must be one of ${harmlessSecretTypes.join(', ')}`, type)]),
    ...(isUnset(valueAt(secret, 'metadata', 'annotations', account))
      ? []
      : [violationOf('secretType', ['metadata', 'annotations', account], 'must not be set')]),
  ];
}

/** Whoever sets external addresses receives what the whole cluster sends there (CVE-2020-8554). */
function checkService(service: ManifestNode): readonly ApplyViolation[] {
  return itemsAt(service, 'spec', 'externalIPs').map((address, index) =>
    violationOf('externalIPs', ['spec', 'externalIPs', index], 'must not be set', address),
  );
}

/**
 * Addresses that are asked for become external addresses of a Service with some controllers (CVE-2020-8554 again); what the parameters name is
 * made with the controller's power.
 */
function checkGateway(gateway: ManifestNode): readonly ApplyViolation[] {
  const parametersRef = valueAt(gateway, 'spec', 'infrastructure', 'parametersRef');
  return [
    ...itemsAt(gateway, 'spec', 'addresses').map((address, index) =>
      violationOf('gatewayAddresses', ['spec', 'addresses', index], 'must not be set', address),
    ),
    ...(isUnset(parametersRef)
      ? []
      : [violationOf('gatewayParameters', ['spec', 'infrastructure', 'parametersRef'], 'must not be set')]),
  ];
}
