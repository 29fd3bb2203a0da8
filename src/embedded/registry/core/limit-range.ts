import { asObject, asObjectList, asString, ensureObject, type JsonObject, setDefault } from '../../machinery/json.ts';
import { compareQuantities } from '../../machinery/quantity.ts';
import { defineResource } from '../define-resource.ts';
import { createdAtTable } from '../tables/created-at-table.ts';
import type { FieldErrors } from '../validation/field-errors.ts';
import { problemsOfQualifiedName } from '../validation/names.ts';

export const limitRanges = defineResource(
  { group: '', version: 'v1', kind: 'LimitRange', plural: 'limitranges', shortNames: ['limits'] },
  {
    table: createdAtTable,
    createsOnUpdate: true,
    // What a container limit sets as maximum is its default too, and a default limit is the default request.
    setDefaults(draft) {
      for (const limit of asObjectList(ensureObject(draft, 'spec').limits)) {
        if (limit.type !== 'Container') continue;
        const fill = (target: string, source: string): void => {
          for (const [name, quantity] of Object.entries(asObject(limit[source]) ?? {})) {
            setDefault(ensureObject(limit, target), name, quantity);
          }
        };
        fill('default', 'max');
        fill('defaultRequest', 'default');
        fill('defaultRequest', 'min');
      }
    },
    validate(draft, errors) {
      const types = new Set<unknown>();
      asObjectList(asObject(draft.spec)?.limits).forEach((limit, at) => {
        const field = `spec.limits[${at}]`;
        const type = asString(limit.type) ?? '';
        errors.eachInvalid(`${field}.type`, type, problemsOfQualifiedName(type));
        if (types.has(type)) errors.duplicate(`${field}.type`, type);
        types.add(type);
        validateLimit(limit, field, errors);
      });
    },
  },
);

function validateLimit(limit: JsonObject, field: string, errors: FieldErrors): void {
  const part = (name: string): JsonObject => asObject(limit[name]) ?? {};
  const isPod = limit.type === 'Pod';
  if (isPod) {
    for (const name of ['default', 'defaultRequest']) {
      if (Object.keys(part(name)).length > 0) {
        errors.forbidden(`${field}.${name}`, "may not be specified when `type` is 'Pod'");
      }
    }
  }
  const [min, max, ratios] = [part('min'), part('max'), part('maxLimitRequestRatio')];
  const [defaults, requests] = isPod ? [{}, {}] : [part('default'), part('defaultRequest')];
  if (limit.type === 'PersistentVolumeClaim' && min.storage === undefined && max.storage === undefined) {
    errors.required(`${field}.limits`, 'either minimum or maximum storage value is required, but neither was provided');
  }
  const above = (lower: unknown, upper: unknown): boolean =>
    lower !== undefined && upper !== undefined && compareQuantities(lower, upper) > 0;
  const names = new Set([max, min, defaults, requests, ratios].flatMap((quantities) => Object.keys(quantities)));
  for (const name of [...names].sort()) {
    const complain = (place: string, value: unknown, words: string): void =>
      errors.invalid(`${field}.${place}[${name}]`, value, words);
    const [least, most, usual, request, ratio] = [min[name], max[name], defaults[name], requests[name], ratios[name]];
    if (above(least, most)) complain('min', least, `min value ${least} is greater than max value ${most}`);
    if (above(least, request)) {
      complain('defaultRequest', request, `min value ${least} is greater than default request value ${request}`);
    }
    if (above(request, most)) {
      complain('defaultRequest', request, `default request value ${request} is greater than max value ${most}`);
    }
    if (above(request, usual)) {
      complain(
        'defaultRequest',
        request,
        `default request value ${request} is greater than default limit value ${usual}`,
      );
    }
    if (above(least, usual)) complain('default', least, `min value ${least} is greater than default value ${usual}`);
    if (above(usual, most)) complain('default', most, `default value ${usual} is greater than max value ${most}`);
    if (above('1', ratio)) complain('maxLimitRequestRatio', ratio, `ratio ${ratio} is less than 1`);
  }
}
