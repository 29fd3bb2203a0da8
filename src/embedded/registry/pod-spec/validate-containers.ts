import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import { compareQuantities, isQuantity } from '../../machinery/quantity.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfEnvironmentName, problemsOfName } from '../validation/names.ts';
import { isPort } from '../validation/ports.ts';

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];
const protocols = ['SCTP', 'TCP', 'UDP'];

/** The rules of a pod's containers. `names` collects across lists: an init container may not share a name either. */
export function validateContainers(
  containers: readonly JsonObject[],
  field: string,
  volumes: ReadonlySet<string>,
  names: Set<string>,
  errors: FieldErrors,
): void {
  containers.forEach((container, at) => {
    const place = `${field}[${at}]`;
    const name = asString(container.name) ?? '';
    if (name === '') errors.required(`${place}.name`);
    else {
      for (const words of problemsOfName(name, 'dns-label')) errors.invalid(`${place}.name`, name, words);
      if (names.has(name)) errors.duplicate(`${place}.name`, name);
      names.add(name);
    }
    const image = asString(container.image) ?? '';
    if (image === '') errors.required(`${place}.image`);
    else if (image !== image.trim())
      errors.invalid(`${place}.image`, image, 'must not have leading or trailing whitespace');
    const pullPolicy = container.imagePullPolicy;
    if (!pullPolicies.includes(String(pullPolicy)))
      errors.notSupported(`${place}.imagePullPolicy`, pullPolicy, pullPolicies);
    validatePorts(container, `${place}.ports`, errors);
    validateEnvironment(container, `${place}.env`, errors);
    validateMounts(container, `${place}.volumeMounts`, volumes, errors);
    validateResources(asObject(container.resources) ?? {}, `${place}.resources`, errors);
  });
}

function validatePorts(container: JsonObject, field: string, errors: FieldErrors): void {
  const names = new Set<string>();
  asObjectList(container.ports).forEach((port, at) => {
    const place = `${field}[${at}]`;
    const number = port.containerPort;
    if (number === undefined || number === 0) errors.required(`${place}.containerPort`);
    else if (!isPort(number))
      errors.invalid(`${place}.containerPort`, number, 'must be between 1 and 65535, inclusive');
    const hostPort = port.hostPort;
    if (hostPort !== undefined && hostPort !== 0 && !isPort(hostPort)) {
      errors.invalid(`${place}.hostPort`, hostPort, 'must be between 1 and 65535, inclusive');
    }
    if (!protocols.includes(String(port.protocol))) errors.notSupported(`${place}.protocol`, port.protocol, protocols);
    const name = asString(port.name) ?? '';
    if (name === '') return;
    if (name.length > 15) errors.invalid(`${place}.name`, name, 'must be no more than 15 characters');
    if (names.has(name)) errors.duplicate(`${place}.name`, name);
    names.add(name);
  });
}

function validateEnvironment(container: JsonObject, field: string, errors: FieldErrors): void {
  asObjectList(container.env).forEach((variable, at) => {
    const name = asString(variable.name) ?? '';
    if (name === '') errors.required(`${field}[${at}].name`);
    else for (const words of problemsOfEnvironmentName(name)) errors.invalid(`${field}[${at}].name`, name, words);
    if (variable.valueFrom !== undefined && (variable.value ?? '') !== '') {
      errors.invalid(`${field}[${at}].valueFrom`, '', 'may not be specified when `value` is not empty');
    }
  });
}

function validateMounts(container: JsonObject, field: string, volumes: ReadonlySet<string>, errors: FieldErrors): void {
  const paths = new Set<string>();
  asObjectList(container.volumeMounts).forEach((mount, at) => {
    const name = asString(mount.name) ?? '';
    const path = asString(mount.mountPath) ?? '';
    if (name === '') errors.required(`${field}[${at}].name`);
    else if (!volumes.has(name)) errors.notFound(`${field}[${at}].name`, name);
    if (path === '') errors.required(`${field}[${at}].mountPath`);
    else if (paths.has(path)) errors.invalid(`${field}[${at}].mountPath`, path, 'must be unique');
    paths.add(path);
  });
}

function validateResources(resources: JsonObject, field: string, errors: FieldErrors): void {
  const limits = asObject(resources.limits) ?? {};
  for (const part of ['limits', 'requests'] as const) {
    for (const [name, quantity] of Object.entries(asObject(resources[part]) ?? {})) {
      const place = `${field}.${part}[${name}]`;
      if (!isQuantity(quantity)) {
        errors.invalid(
          place,
          quantity,
          "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
        );
      } else if (compareQuantities(quantity, '0') < 0) {
        errors.invalid(place, quantity, 'must be greater than or equal to 0');
      } else if (part === 'requests' && isQuantity(limits[name]) && compareQuantities(quantity, limits[name]) > 0) {
        errors.invalid(
          `${field}.requests`,
          quantity,
          `must be less than or equal to ${name} limit of ${String(limits[name])}`,
        );
      }
    }
  }
}
