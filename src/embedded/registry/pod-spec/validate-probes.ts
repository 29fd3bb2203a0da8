import { asList, asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { validatePortNumber, validatePortNumberOrName } from '../validation/ports.ts';

const handlers = ['exec', 'httpGet', 'tcpSocket', 'grpc', 'sleep'] as const;

/** The three probes of a container that goes on running. */
export function validateProbes(container: JsonObject, place: string, errors: FieldErrors): void {
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    const probe = asObject(container[name]);
    if (probe === undefined) continue;
    const field = `${place}.${name}`;
    validateHandler(probe, field, errors);
    for (const number of [
      'initialDelaySeconds',
      'timeoutSeconds',
      'periodSeconds',
      'successThreshold',
      'failureThreshold',
    ]) {
      errors.notNegative(`${field}.${number}`, probe[number]);
    }
    const grace = probe.terminationGracePeriodSeconds;
    if (typeof grace === 'number' && grace <= 0) {
      errors.invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must be greater than 0');
    }
    if (name !== 'readinessProbe') {
      if (probe.successThreshold !== 1) {
        errors.invalid(`${field}.successThreshold`, probe.successThreshold, 'must be 1');
      }
    } else if (grace !== undefined) {
      errors.invalid(`${field}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes');
    }
  }
}

/** What a probe or a life cycle hook does: exactly one thing. */
export function validateHandler(handler: JsonObject, field: string, errors: FieldErrors): void {
  let hasOne = false;
  for (const kind of handlers) {
    const action = asObject(handler[kind]);
    if (action === undefined) continue;
    if (hasOne) errors.forbidden(`${field}.${kind}`, 'may not specify more than 1 handler type');
    else validateAction(kind, action, `${field}.${kind}`, errors);
    hasOne = true;
  }
  if (!hasOne) errors.required(field, 'must specify a handler type');
}

function validateAction(kind: (typeof handlers)[number], action: JsonObject, field: string, errors: FieldErrors): void {
  switch (kind) {
    case 'exec':
      if (asList(action.command).length === 0) errors.required(`${field}.command`);
      return;
    case 'httpGet':
      if ((action.path ?? '') === '') errors.required(`${field}.path`);
      validatePortNumberOrName(action.port, `${field}.port`, errors);
      errors.oneOf(`${field}.scheme`, action.scheme, ['HTTP', 'HTTPS']);
      for (const header of asObjectList(action.httpHeaders)) {
        const name = asString(header.name) ?? '';
        if (!/^[-A-Za-z0-9]+$/.test(name)) {
          errors.invalid(
            `${field}.httpHeaders`,
            name,
            "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')",
          );
        }
      }
      return;
    case 'tcpSocket':
      validatePortNumberOrName(action.port, `${field}.port`, errors);
      return;
    case 'grpc':
      validatePortNumber(action.port, `${field}.port`, errors);
      return;
    case 'sleep':
      if (typeof action.seconds === 'number' && action.seconds < 0) {
        errors.invalid(`${field}.seconds`, action.seconds, 'must be greater than or equal to 0');
      }
      return;
  }
}
