import { asObject, type JsonObject, sortedEntries } from '../../machinery/json.ts';
import { compareQuantities, isQuantity, nanosOf, nanosPerUnit, quantityWords } from '../../machinery/quantity.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfQualifiedName } from '../validation/names.ts';

const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Requests and limits of a container: names, whole numbers where there are no halves, requests within limits. */
export function validateContainerResources(resources: JsonObject, field: string, errors: FieldErrors): void {
  const limits = asObject(resources.limits) ?? {};
  const requests = asObject(resources.requests) ?? {};
  for (const [name, quantity] of sortedEntries(limits))
    validateResource(name, quantity, `${field}.limits[${name}]`, errors);
  for (const [name, quantity] of sortedEntries(requests)) {
    validateResource(name, quantity, `${field}.requests[${name}]`, errors);
    const limit = limits[name];
    if (limit === undefined) {
      if (!isOvercommitable(name)) {
        errors.required(`${field}.limits`, 'Limit must be set for non overcommitable resources');
      }
    } else if (compareQuantities(quantity, limit) !== 0 && !isOvercommitable(name)) {
      errors.invalid(`${field}.requests`, quantity, `must be equal to ${name} limit of ${String(limit)}`);
    } else if (compareQuantities(quantity, limit) > 0) {
      errors.invalid(`${field}.requests`, quantity, `must be less than or equal to ${name} limit of ${String(limit)}`);
    }
  }
  const names = [...Object.keys(limits), ...Object.keys(requests)];
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    errors.forbidden(field, 'HugePages require cpu or memory');
  }
}

/** A quantity of anything: never negative, whole for what cannot be divided. */
export function validateQuantityOf(name: string, quantity: unknown, field: string, errors: FieldErrors): void {
  if (!isQuantity(quantity)) errors.invalid(field, quantity, quantityWords);
  else if (compareQuantities(quantity, '0') < 0)
    errors.invalid(field, String(quantity), 'must be greater than or equal to 0');
  else if (isInteger(name) && nanosOf(quantity) % nanosPerUnit !== 0n) {
    errors.invalid(field, String(quantity), 'must be an integer');
  }
}

/** The words for a resource's name that is no name, or stands for nothing known. */
export function validateResourceName(name: string, field: string, errors: FieldErrors): boolean {
  const problems = problemsOfQualifiedName(name);
  errors.eachInvalid(field, name, problems);
  return problems.length === 0;
}

function validateResource(name: string, quantity: unknown, field: string, errors: FieldErrors): void {
  if (validateResourceName(name, field, errors) && !name.includes('/')) {
    if (!containerResources.has(name) && !isHugePages(name)) {
      if (!otherStandard.has(name)) {
        errors.invalid(field, name, 'must be a standard resource type or fully qualified');
      }
      errors.invalid(field, name, 'must be a standard resource for containers');
    }
  } else if (name.startsWith('requests.') && name.includes('/')) {
    errors.invalid(field, name, "doesn't follow extended resource name standard");
  }
  validateQuantityOf(name, quantity, field, errors);
}

/** Names that are known, though no container asks for them. */
const otherStandard = new Set([
  'pods',
  'services',
  'secrets',
  'configmaps',
  'resourcequotas',
  'replicationcontrollers',
  'persistentvolumeclaims',
  'storage',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
]);

function isHugePages(name: string): boolean {
  return name.startsWith('hugepages-');
}

/** Processors, memory and storage may be promised more than once; devices may not. */
function isOvercommitable(name: string): boolean {
  return !isHugePages(name) && (!name.includes('/') || /(^|\.)kubernetes\.io\//.test(name));
}

const countable = new Set([
  'pods',
  'services',
  'replicationcontrollers',
  'resourcequotas',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);

/** What is counted comes whole: objects and devices. */
function isInteger(name: string): boolean {
  return (
    countable.has(name) || name.startsWith('count/') || (name.includes('/') && !/(^|\.)kubernetes\.io\//.test(name))
  );
}
