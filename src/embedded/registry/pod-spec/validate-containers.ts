import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName, problemsOfPortName } from '../validation/names.ts';
import { validateDescendingPath } from '../validation/paths.ts';
import { protocols, validatePortNumber } from '../validation/ports.ts';
import { validateEphemeralContainer } from './ephemeral-containers.ts';
import { validateEnvironment, validateEnvironmentSources } from './validate-environment.ts';
import { validateHandler, validateProbes } from './validate-probes.ts';
import { validateContainerResources } from './validate-resources.ts';
import { validateContainerSecurity } from './validate-security-context.ts';

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const restartPolicies = ['Always', 'Never', 'OnFailure'];
const notForInit = 'may not be set for init containers without restartPolicy=Always';

/** The rules of a pod's containers and init containers. `field` is the spec's. */
export function validateContainers(
  spec: JsonObject,
  field: string,
  volumes: ReadonlySet<string>,
  errors: FieldErrors,
): void {
  const containers = asObjectList(spec.containers);
  if (containers.length === 0) errors.required(`${field}.containers`);
  const hasHostUsers = spec.hostUsers !== false;
  const names = new Set<unknown>();
  containers.forEach((container, at) => {
    const place = `${field}.containers[${at}]`;
    validateCommon(container, place, volumes, errors, hasHostUsers);
    if (names.has(container.name)) errors.duplicate(`${place}.name`, container.name);
    names.add(container.name);
    validateLifecycle(container, place, errors);
    validateProbes(container, place, errors);
    if (container.restartPolicy !== undefined) {
      errors.oneOf(`${place}.restartPolicy`, container.restartPolicy, restartPolicies);
    }
  });
  validateHostPorts(containers, `${field}.containers`, errors);
  asObjectList(spec.initContainers).forEach((container, at) => {
    const place = `${field}.initContainers[${at}]`;
    validateCommon(container, place, volumes, errors, hasHostUsers);
    if (container.restartPolicy !== undefined) {
      errors.oneOf(`${place}.restartPolicy`, container.restartPolicy, restartPolicies);
    }
    if (names.has(container.name)) errors.duplicate(`${place}.name`, container.name);
    else if ((container.name ?? '') !== '') names.add(container.name);
    validateHostPorts([container], `${field}.initContainers`, errors);
    // Only an init container that stays, a sidecar, has a life to be watched.
    if (container.restartPolicy === 'Always') {
      validateLifecycle(container, place, errors);
      validateProbes(container, place, errors);
    } else {
      for (const key of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']) {
        if (container[key] !== undefined) errors.forbidden(`${place}.${key}`, notForInit);
      }
    }
  });
  const targets = new Set(names);
  asObjectList(spec.ephemeralContainers).forEach((container, at) => {
    const place = `${field}.ephemeralContainers[${at}]`;
    validateCommon(container, place, volumes, errors, hasHostUsers);
    if (names.has(container.name)) errors.duplicate(`${place}.name`, container.name);
    names.add(container.name);
    validateEphemeralContainer(container, place, targets, errors);
  });
}

function validateCommon(
  container: JsonObject,
  place: string,
  volumes: ReadonlySet<string>,
  errors: FieldErrors,
  hasHostUsers: boolean,
): void {
  const name = asString(container.name) ?? '';
  if (name === '') errors.required(`${place}.name`);
  else errors.eachInvalid(`${place}.name`, name, problemsOfName(name, 'dns-label'));
  if ((container.image ?? '') === '') errors.required(`${place}.image`);
  errors.oneOf(`${place}.terminationMessagePolicy`, container.terminationMessagePolicy, [
    'File',
    'FallbackToLogsOnError',
  ]);
  validatePorts(container, `${place}.ports`, errors);
  validateEnvironment(container.env, `${place}.env`, errors);
  validateEnvironmentSources(container.envFrom, `${place}.envFrom`, errors);
  validateMounts(container, `${place}.volumeMounts`, volumes, errors);
  validateDevices(container, `${place}.volumeDevices`, volumes, errors);
  errors.oneOf(`${place}.imagePullPolicy`, container.imagePullPolicy, pullPolicies);
  validateContainerResources(asObject(container.resources) ?? {}, `${place}.resources`, errors);
  validateContainerSecurity(asObject(container.securityContext), `${place}.securityContext`, errors, hasHostUsers);
}

function validatePorts(container: JsonObject, field: string, errors: FieldErrors): void {
  const names = new Set<string>();
  asObjectList(container.ports).forEach((port, at) => {
    const place = `${field}[${at}]`;
    const name = asString(port.name) ?? '';
    if (name !== '') {
      const problems = problemsOfPortName(name);
      errors.eachInvalid(`${place}.name`, name, problems);
      if (problems.length === 0 && names.has(name)) errors.duplicate(`${place}.name`, name);
      names.add(name);
    }
    if ((port.containerPort ?? 0) === 0) errors.required(`${place}.containerPort`);
    else validatePortNumber(port.containerPort, `${place}.containerPort`, errors);
    if ((port.hostPort ?? 0) !== 0) validatePortNumber(port.hostPort, `${place}.hostPort`, errors);
    errors.oneOf(`${place}.protocol`, port.protocol, protocols);
  });
}

function validateHostPorts(containers: readonly JsonObject[], field: string, errors: FieldErrors): void {
  const taken = new Set<string>();
  containers.forEach((container, index) => {
    asObjectList(container.ports).forEach((port, at) => {
      if ((port.hostPort ?? 0) === 0) return;
      const key = `${String(port.protocol)}/${asString(port.hostIP) ?? ''}/${String(port.hostPort)}`;
      if (taken.has(key)) errors.duplicate(`${field}[${index}].ports[${at}].hostPort`, key);
      taken.add(key);
    });
  });
}

function validateMounts(container: JsonObject, field: string, volumes: ReadonlySet<string>, errors: FieldErrors): void {
  const paths = new Set<string>();
  asObjectList(container.volumeMounts).forEach((mount, at) => {
    const name = asString(mount.name) ?? '';
    const path = asString(mount.mountPath) ?? '';
    if (name === '') errors.required(`${field}[${at}].name`);
    if (!volumes.has(name)) errors.notFound(`${field}[${at}].name`, name);
    if (path === '') errors.required(`${field}[${at}].mountPath`);
    if (paths.has(path)) errors.invalid(`${field}[${at}].mountPath`, path, 'must be unique');
    paths.add(path);
    validateDescendingPath(mount.subPath, `${field}.subPath`, errors);
    if ((mount.subPathExpr ?? '') !== '' && (mount.subPath ?? '') !== '') {
      errors.invalid(
        `${field}[${at}].subPathExpr`,
        mount.subPathExpr,
        'subPathExpr and subPath are mutually exclusive',
      );
    }
    validateDescendingPath(mount.subPathExpr, `${field}.subPathExpr`, errors);
  });
}

function validateDevices(
  container: JsonObject,
  field: string,
  volumes: ReadonlySet<string>,
  errors: FieldErrors,
): void {
  asObjectList(container.volumeDevices).forEach((device, at) => {
    const name = asString(device.name) ?? '';
    if (name === '') errors.required(`${field}[${at}].name`);
    if ((device.devicePath ?? '') === '') errors.required(`${field}[${at}].devicePath`);
    if (!volumes.has(name)) errors.notFound(`${field}[${at}].name`, name);
  });
}

function validateLifecycle(container: JsonObject, place: string, errors: FieldErrors): void {
  const lifecycle = asObject(container.lifecycle) ?? {};
  for (const hook of ['postStart', 'preStop']) {
    const handler = asObject(lifecycle[hook]);
    if (handler !== undefined) validateHandler(handler, `${place}.lifecycle.${hook}`, errors);
  }
}
