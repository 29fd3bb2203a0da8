import { isIP } from 'node:net';
import { asList, asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfName, problemsOfPortName, problemsOfWildcardName } from '../validation/names.ts';
import { validatePortNumber } from '../validation/ports.ts';

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const badSequences = ['//', '/./', '/../', '%2f', '%2F'];
const badSuffixes = ['/..', '/.'];

/** The rules of an Ingress, in the order in which a refusal lists them. */
export function validateIngress(spec: JsonObject, errors: FieldErrors): void {
  const rules = asObjectList(spec.rules);
  if (rules.length === 0 && spec.defaultBackend === undefined) {
    errors.invalid('spec', null, 'either `defaultBackend` or `rules` must be specified');
  }
  const backend = asObject(spec.defaultBackend);
  if (backend !== undefined) validateBackend(backend, 'spec.defaultBackend', errors);
  rules.forEach((rule, at) => {
    const field = `spec.rules[${at}]`;
    validateHost(asString(rule.host) ?? '', `${field}.host`, errors, true);
    const http = asObject(rule.http);
    if (http === undefined) return;
    const paths = asObjectList(http.paths);
    if (paths.length === 0) errors.required(`${field}.http.paths`);
    paths.forEach((path, index) => {
      validatePath(path, `${field}.http.paths[${index}]`, errors);
    });
  });
  asObjectList(spec.tls).forEach((tls, at) => {
    asList(tls.hosts).forEach((host, index) => {
      validateHost(String(host), `spec.tls[${at}].hosts[${index}]`, errors, false);
    });
    const name = asString(tls.secretName) ?? '';
    if (name !== '') errors.eachInvalid(`spec.tls[${at}].secretName`, name, problemsOfName(name, 'dns-subdomain'));
  });
  const name = asString(spec.ingressClassName);
  if (name !== undefined) errors.eachInvalid('spec.ingressClassName', name, problemsOfName(name, 'dns-subdomain'));
}

function validateHost(host: string, field: string, errors: FieldErrors, isRule: boolean): void {
  if (host === '' && isRule) return;
  if (isRule && isIP(host) !== 0) errors.invalid(field, host, 'must be a DNS name, not an IP address');
  const problems = host.includes('*') ? problemsOfWildcardName(host) : problemsOfName(host, 'dns-subdomain');
  errors.eachInvalid(field, host, problems);
}

function validatePath(path: JsonObject, field: string, errors: FieldErrors): void {
  const type = path.pathType;
  if (type === undefined) {
    errors.required(`${field}.pathType`, 'pathType must be specified');
    return;
  }
  const text = asString(path.path) ?? '';
  if (type === 'Exact' || type === 'Prefix') {
    if (!text.startsWith('/')) errors.invalid(`${field}.path`, text, 'must be an absolute path');
    for (const bad of badSequences) {
      if (text.includes(bad)) errors.invalid(`${field}.path`, text, `must not contain '${bad}'`);
    }
    for (const bad of badSuffixes) {
      if (text.endsWith(bad)) errors.invalid(`${field}.path`, text, `cannot end with '${bad}'`);
    }
  } else if (type === 'ImplementationSpecific') {
    if (text !== '' && !text.startsWith('/')) errors.invalid(`${field}.path`, text, 'must be an absolute path');
  } else errors.notSupported(`${field}.pathType`, type, pathTypes);
  validateBackend(asObject(path.backend) ?? {}, `${field}.backend`, errors);
}

function validateBackend(backend: JsonObject, field: string, errors: FieldErrors): void {
  const service = asObject(backend.service);
  const resource = asObject(backend.resource);
  if (service !== undefined && resource !== undefined) {
    errors.invalid(field, '', 'cannot set both resource and service backends');
  } else if (resource !== undefined) {
    for (const key of ['kind', 'name']) if ((resource[key] ?? '') === '') errors.required(`${field}.resource.${key}`);
  } else if (service !== undefined) validateService(service, field, errors);
  else errors.invalid(field, '', 'resource or service backend is required');
}

function validateService(service: JsonObject, field: string, errors: FieldErrors): void {
  const name = asString(service.name) ?? '';
  if (name === '') errors.required(`${field}.service.name`);
  else errors.eachInvalid(`${field}.service.name`, name, problemsOfName(name, 'dns-label'));
  const port = asObject(service.port) ?? {};
  const portName = asString(port.name) ?? '';
  const hasNumber = (port.number ?? 0) !== 0;
  if (portName !== '' && hasNumber) errors.invalid(field, '', 'cannot set both port name & port number');
  else if (portName !== '') {
    errors.eachInvalid(`${field}.service.port.name`, portName, problemsOfPortName(portName));
  } else if (hasNumber) validatePortNumber(port.number, `${field}.service.port.number`, errors);
  else errors.required(field, 'port name or number is required');
}
