import { asList, asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { validateDescendingPath } from '../validation/paths.ts';
import { printGoStruct } from '../validation/print-go-struct.ts';

const maxId = 2_147_483_647;
const seccompTypes = ['Localhost', 'RuntimeDefault', 'Unconfined'];
const sysctlName = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$/;

/** `securityContext` of a container. */
export function validateContainerSecurity(
  security: JsonObject | undefined,
  field: string,
  errors: FieldErrors,
  hasHostUsers: boolean,
): void {
  if (security === undefined) return;
  for (const id of ['runAsUser', 'runAsGroup']) validateId(security[id], `${field}.${id}`, errors);
  if (security.procMount !== undefined) {
    if (security.procMount !== 'Default' && security.procMount !== 'Unmasked') {
      errors.notSupported(`${field}.procMount`, security.procMount, ['Default', 'Unmasked']);
    } else if (security.procMount === 'Unmasked' && hasHostUsers) {
      errors.invalid(`${field}.procMount`, 'Unmasked', '`hostUsers` must be false to use `Unmasked`');
    }
  }
  validateSeccomp(asObject(security.seccompProfile), `${field}.seccompProfile`, errors);
  if (security.allowPrivilegeEscalation === false) {
    if (security.privileged === true) {
      errors.invalid(
        field,
        printGoStruct('SecurityContext', security),
        'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
      );
    }
    if (asList(asObject(security.capabilities)?.add).includes('CAP_SYS_ADMIN')) {
      errors.invalid(
        field,
        printGoStruct('SecurityContext', security),
        'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
      );
    }
  }
}

/** `securityContext` of a pod. */
export function validatePodSecurity(spec: JsonObject, field: string, errors: FieldErrors): void {
  const security = asObject(spec.securityContext);
  if (security === undefined) return;
  for (const id of ['fsGroup', 'runAsUser', 'runAsGroup']) validateId(security[id], `${field}.${id}`, errors);
  asList(security.supplementalGroups).forEach((group, at) => {
    validateId(group, `${field}.supplementalGroups[${at}]`, errors);
  });
  if (spec.shareProcessNamespace === true && spec.hostPID === true) {
    errors.invalid(`${field}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled');
  }
  const names = new Set<string>();
  asObjectList(security.sysctls).forEach((sysctl, at) => {
    const place = `${field}.sysctls[${at}].name`;
    const name = asString(sysctl.name) ?? '';
    if (name === '') errors.required(place);
    else if (name.length > 253 || !sysctlName.test(name)) {
      errors.invalid(
        place,
        name,
        'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
      );
    } else if (names.has(name)) errors.duplicate(place, name);
    names.add(name);
  });
  if (security.fsGroupChangePolicy !== undefined) {
    errors.oneOf(`${field}.fsGroupChangePolicy`, security.fsGroupChangePolicy, ['Always', 'OnRootMismatch']);
  }
  validateSeccomp(asObject(security.seccompProfile), `${field}.seccompProfile`, errors);
}

function validateId(id: unknown, field: string, errors: FieldErrors): void {
  if (typeof id === 'number' && (id < 0 || id > maxId)) {
    errors.invalid(field, id, `must be between 0 and ${maxId}, inclusive`);
  }
}

function validateSeccomp(profile: JsonObject | undefined, field: string, errors: FieldErrors): void {
  if (profile === undefined) return;
  if ((profile.type ?? '') === '') errors.required(`${field}.type`, 'type is required when seccompProfile is set');
  else errors.oneOf(`${field}.type`, profile.type, seccompTypes);
  if (profile.type === 'Localhost') {
    if (profile.localhostProfile === undefined) {
      errors.required(`${field}.localhostProfile`, 'must be set when seccomp type is Localhost');
    } else validateDescendingPath(profile.localhostProfile, `${field}.localhostProfile`, errors);
  } else if (profile.localhostProfile !== undefined) {
    errors.invalid(
      `${field}.localhostProfile`,
      printGoStruct('SeccompProfile', profile),
      'can only be set when seccomp type is Localhost',
    );
  }
}
