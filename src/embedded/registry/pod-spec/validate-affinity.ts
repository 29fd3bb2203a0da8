import { asList, asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfLabelValue, problemsOfName, problemsOfQualifiedName } from '../validation/names.ts';
import { validateSelector } from '../validation/validate-selector.ts';

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Where a pod wants to run: near nodes, near pods, away from pods. */
export function validateAffinity(affinity: JsonObject | undefined, field: string, errors: FieldErrors): void {
  if (affinity === undefined) return;
  const node = asObject(affinity.nodeAffinity);
  if (node !== undefined) validateNodeAffinity(node, `${field}.nodeAffinity`, errors);
  for (const kind of ['podAffinity', 'podAntiAffinity']) {
    const pods = asObject(affinity[kind]);
    if (pods !== undefined) validatePodAffinity(pods, `${field}.${kind}`, errors);
  }
}

/** A required choice of nodes: a pod's, or a volume's. */
export function validateNodeSelector(selector: JsonObject, field: string, errors: FieldErrors): void {
  const terms = asObjectList(selector.nodeSelectorTerms);
  const place = `${field}.nodeSelectorTerms`;
  if (terms.length === 0) errors.required(place, 'must have at least one node selector term');
  terms.forEach((term, at) => {
    validateTerm(term, `${place}[${at}]`, true, errors);
  });
}

function validateNodeAffinity(affinity: JsonObject, field: string, errors: FieldErrors): void {
  const selector = asObject(affinity[required]);
  if (selector !== undefined) validateNodeSelector(selector, `${field}.${required}`, errors);
  asObjectList(affinity[preferred]).forEach((term, at) => {
    const place = `${field}.${preferred}[${at}]`;
    validateWeight(term.weight, `${place}.weight`, errors);
    validateTerm(asObject(term.preference) ?? {}, `${place}.preference`, false, errors);
  });
}

function validateTerm(term: JsonObject, field: string, isRequired: boolean, errors: FieldErrors): void {
  asObjectList(term.matchExpressions).forEach((expression, at) => {
    const place = `${field}.matchExpressions[${at}]`;
    const values = asList(expression.values);
    const { operator } = expression;
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        errors.required(`${place}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
      }
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        errors.forbidden(`${place}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      }
    } else if (operator === 'Gt' || operator === 'Lt') {
      if (values.length !== 1) {
        errors.required(`${place}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'");
      }
    } else errors.invalid(`${place}.operator`, operator ?? '', 'not a valid selector operator');
    const key = asString(expression.key) ?? '';
    errors.eachInvalid(`${place}.key`, key, problemsOfQualifiedName(key));
    if (!isRequired) return;
    values.forEach((value, index) => {
      errors.eachInvalid(`${place}.values[${index}]`, value, problemsOfLabelValue(String(value)));
    });
  });
  asObjectList(term.matchFields).forEach((requirement, at) => {
    const place = `${field}.matchFields[${at}]`;
    const { operator } = requirement;
    if (operator !== 'In' && operator !== 'NotIn') {
      errors.invalid(`${place}.operator`, operator ?? '', 'not a valid selector operator');
    } else if (asList(requirement.values).length !== 1) {
      errors.required(
        `${place}.values`,
        "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
      );
    }
    if (requirement.key !== 'metadata.name') {
      errors.invalid(`${place}.key`, requirement.key ?? '', 'not a valid field selector key');
    }
  });
}

function validatePodAffinity(affinity: JsonObject, field: string, errors: FieldErrors): void {
  asObjectList(affinity[required]).forEach((term, at) => {
    validatePodTerm(term, `${field}.${required}[${at}]`, errors);
  });
  asObjectList(affinity[preferred]).forEach((term, at) => {
    const place = `${field}.${preferred}[${at}]`;
    validateWeight(term.weight, `${place}.weight`, errors);
    validatePodTerm(asObject(term.podAffinityTerm) ?? {}, `${place}.podAffinityTerm`, errors);
  });
}

function validatePodTerm(term: JsonObject, field: string, errors: FieldErrors): void {
  for (const name of ['labelSelector', 'namespaceSelector']) {
    const selector = asObject(term[name]);
    if (selector !== undefined) validateSelector(selector, `${field}.${name}`, errors);
  }
  for (const namespace of asList(term.namespaces)) {
    errors.eachInvalid(`${field}.namespace`, namespace, problemsOfName(String(namespace), 'dns-label'));
  }
  const key = asString(term.topologyKey) ?? '';
  if (key === '') errors.required(`${field}.topologyKey`, 'can not be empty');
  errors.eachInvalid(`${field}.topologyKey`, key, problemsOfQualifiedName(key));
}

function validateWeight(weight: unknown, field: string, errors: FieldErrors): void {
  if (typeof weight !== 'number' || weight <= 0 || weight > 100) {
    errors.invalid(field, weight ?? 0, 'must be in the range 1-100');
  }
}
