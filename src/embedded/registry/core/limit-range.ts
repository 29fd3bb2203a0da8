import { asObject, asObjectList, ensureObject, setDefault } from '../../machinery/json.ts';
import { compareQuantities } from '../../machinery/quantity.ts';
import { defineResource } from '../define-resource.ts';

export const limitRanges = defineResource(
  { group: '', version: 'v1', kind: 'LimitRange', plural: 'limitranges', shortNames: ['limits'] },
  {
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
      asObjectList(asObject(draft.spec)?.limits).forEach((limit, at) => {
        const max = asObject(limit.max) ?? {};
        for (const [name, minimum] of Object.entries(asObject(limit.min) ?? {})) {
          if (max[name] !== undefined && compareQuantities(minimum, max[name]) > 0) {
            errors.invalid(
              `spec.limits[${at}].min[${name}]`,
              minimum,
              `min value ${String(minimum)} is greater than max value ${String(max[name])}`,
            );
          }
        }
      });
    },
  },
);
