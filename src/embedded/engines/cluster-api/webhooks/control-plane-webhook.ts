import { asObject, asString, ensureObject, isEqualJson, type JsonObject, setDefault } from '../../../machinery/json.ts';
import type { AdmissionWebhook } from '../../../registry/admission/admission-webhooks.ts';
import { FieldErrors } from '../../../registry/validation/field-errors.ts';
import { controlPlaneGroup } from '../groups.ts';
import { compareSemanticVersions, parseSemanticVersion, type SemanticVersion, withPrefix } from './semantic-version.ts';
import { toldProblems } from './told-problems.ts';

/** Members of `clusterConfiguration` that kubeadm cannot change any more once the cluster is there. */
const fixedConfiguration = ['caCertificateValidityPeriodDays', 'certificatesDir', 'controlPlaneEndpoint'];

/** What the kubeadm control plane provider defaults and refuses, in its words. */
export const controlPlaneWebhook: AdmissionWebhook = {
  group: controlPlaneGroup,
  plural: 'kubeadmcontrolplanes',
  mutatingName: `default.kubeadmcontrolplane.${controlPlaneGroup}`,
  validatingName: `validation.kubeadmcontrolplane.${controlPlaneGroup}`,
  scalingName: `validation-scale.kubeadmcontrolplane.${controlPlaneGroup}`,
  mutate(draft) {
    const spec = ensureObject(draft, 'spec');
    setDefault(spec, 'replicas', 1);
    spec.version = withPrefix(asString(spec.version) ?? '');
    const strategy = ensureObject(ensureObject(spec, 'rollout'), 'strategy');
    setDefault(strategy, 'type', 'RollingUpdate');
    setDefault(ensureObject(strategy, 'rollingUpdate'), 'maxSurge', 1);
    return undefined;
  },
  scale(draft) {
    const replicas = Number(asObject(draft.spec)?.replicas);
    if (replicas <= 0) return 'replicas should be greater than zero';
    return replicas % 2 === 0 && isEtcdStacked(draft)
      ? 'replicas cannot be an even number when etcd is stacked'
      : undefined;
  },
  validate(draft, current) {
    const errors = new FieldErrors();
    const spec = asObject(draft.spec) ?? {};
    const configuration = configurationOf(draft);
    const replicas = Number(spec.replicas);
    if (replicas <= 0) errors.forbidden('spec.replicas', 'cannot be less than or equal to 0');
    if (replicas % 2 === 0 && isEtcdStacked(draft)) {
      errors.forbidden('spec.replicas', 'cannot be an even number when etcd is stacked');
    }
    const version = asString(spec.version) ?? '';
    const wanted = parseSemanticVersion(version);
    if (wanted === undefined) errors.invalid('spec.version', version, 'must be a valid semantic version');
    const maxSurge = asObject(asObject(asObject(spec.rollout)?.strategy)?.rollingUpdate)?.maxSurge;
    const field = 'spec.rollout.strategy.rollingUpdate';
    if (maxSurge === 0 && Number(spec.replicas) < 3) {
      const words = 'when KubeadmControlPlane is configured to scale-in, replica count needs to be at least 3';
      errors.required(field, words);
    }
    if (maxSurge !== 0 && maxSurge !== 1) errors.required(`${field}.maxSurge`, 'value must be 1 or 0');
    const before = asObject(current?.spec);
    if (before !== undefined) {
      const old = asObject(asObject(before.kubeadmConfigSpec)?.clusterConfiguration);
      for (const member of fixedConfiguration) {
        if (isEqualJson(old?.[member], configuration?.[member])) continue;
        errors.forbidden(`spec.kubeadmConfigSpec.clusterConfiguration.${member}`, 'cannot be modified');
      }
      const from = parseSemanticVersion(asString(before.version) ?? '');
      if (from !== undefined && wanted !== undefined)
        validateSkip(from, wanted, String(before.version), version, errors);
    }
    return toldProblems('KubeadmControlPlane', controlPlaneGroup, draft.metadata.name, errors);
  },
};

/** kubeadm upgrades over one minor version at a time. */
function validateSkip(
  from: SemanticVersion,
  to: SemanticVersion,
  before: string,
  version: string,
  errors: FieldErrors,
): void {
  const field = 'spec.version';
  if (compareSemanticVersions(to, { ...from, minor: from.minor + 2, patch: 0 }) >= 0) {
    errors.forbidden(field, `cannot update Kubernetes version from ${before} to ${version}`);
  }
}

function configurationOf(draft: JsonObject): JsonObject | undefined {
  return asObject(asObject(asObject(draft.spec)?.kubeadmConfigSpec)?.clusterConfiguration);
}

/** Members of etcd must be odd in number, and with stacked etcd each control plane machine is one. */
function isEtcdStacked(draft: JsonObject): boolean {
  return asObject(configurationOf(draft)?.etcd)?.external === undefined;
}
