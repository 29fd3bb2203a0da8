import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName } from '../validation/names.ts';
import { validateContainers } from './validate-containers.ts';

const dnsPolicies = ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'];

/** The rules of a pod's spec. `field` is where it stands: `spec`, or `spec.template.spec`. */
export function validatePodSpec(
  spec: JsonObject,
  field: string,
  errors: FieldErrors,
  restartPolicies: readonly string[] = ['Always', 'Never', 'OnFailure'],
): void {
  const volumes = validateVolumes(spec, `${field}.volumes`, errors);
  const names = new Set<string>();
  const containers = asObjectList(spec.containers);
  if (containers.length === 0) errors.required(`${field}.containers`);
  validateContainers(containers, `${field}.containers`, volumes, names, errors);
  validateContainers(asObjectList(spec.initContainers), `${field}.initContainers`, volumes, names, errors);

  const restartPolicy = spec.restartPolicy;
  if (restartPolicy === undefined || restartPolicy === '') errors.required(`${field}.restartPolicy`);
  else if (!restartPolicies.includes(String(restartPolicy))) {
    errors.notSupported(`${field}.restartPolicy`, restartPolicy, restartPolicies);
  }
  if (!dnsPolicies.includes(String(spec.dnsPolicy))) {
    errors.notSupported(`${field}.dnsPolicy`, spec.dnsPolicy, dnsPolicies);
  }
  const grace = spec.terminationGracePeriodSeconds;
  if (typeof grace === 'number' && grace < 0) {
    errors.invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than or equal to 0');
  }
  const deadline = spec.activeDeadlineSeconds;
  if (typeof deadline === 'number' && deadline < 1) {
    errors.invalid(`${field}.activeDeadlineSeconds`, deadline, 'must be between 1 and 2147483647, inclusive');
  }
  const account = asString(spec.serviceAccountName);
  if (account !== undefined && account !== '') {
    for (const words of problemsOfName(account, 'dns-subdomain'))
      errors.invalid(`${field}.serviceAccountName`, account, words);
  }
  const nodeName = asString(spec.nodeName);
  if (nodeName !== undefined && nodeName !== '') {
    for (const words of problemsOfName(nodeName, 'dns-subdomain')) errors.invalid(`${field}.nodeName`, nodeName, words);
  }
}

function validateVolumes(spec: JsonObject, field: string, errors: FieldErrors): ReadonlySet<string> {
  const names = new Set<string>();
  asObjectList(spec.volumes).forEach((volume, at) => {
    const place = `${field}[${at}]`;
    const name = asString(volume.name) ?? '';
    if (name === '') errors.required(`${place}.name`);
    else {
      for (const words of problemsOfName(name, 'dns-label')) errors.invalid(`${place}.name`, name, words);
      if (names.has(name)) errors.duplicate(`${place}.name`, name);
      names.add(name);
    }
    const claim = asObject(volume.persistentVolumeClaim);
    if (claim !== undefined && (claim.claimName ?? '') === '') {
      errors.required(`${place}.persistentVolumeClaim.claimName`);
    }
    const secret = asObject(volume.secret);
    if (secret !== undefined && (secret.secretName ?? '') === '') errors.required(`${place}.secret.secretName`);
    const sources = Object.keys(volume).filter((key) => key !== 'name');
    if (sources.length > 1) errors.forbidden(`${place}.${sources[1]}`, 'may not specify more than 1 volume type');
  });
  return names;
}
