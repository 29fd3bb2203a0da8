import { asObject, asObjectList, asString, type JsonObject } from '../../machinery/json.ts';
import type { FieldErrors } from './field-errors.ts';
import { problemsOfLabelValue, problemsOfQualifiedName } from './names.ts';
import { validateLabels } from './validate-metadata.ts';

/** A label selector object anywhere: operators, keys and values. */
export function validateSelector(selector: JsonObject, field: string, errors: FieldErrors): void {
  validateLabels(selector.matchLabels, `${field}.matchLabels`, errors);
  asObjectList(selector.matchExpressions).forEach((expression, at) => {
    const place = `${field}.matchExpressions[${at}]`;
    const { operator } = expression;
    const values = Array.isArray(expression.values) ? expression.values : [];
    if (operator === 'In' || operator === 'NotIn') {
      if (values.length === 0) {
        errors.required(`${place}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
      }
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length > 0) {
        errors.forbidden(`${place}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
      }
    } else errors.invalid(`${place}.operator`, operator ?? '', 'not a valid selector operator');
    const key = asString(expression.key) ?? '';
    errors.eachInvalid(`${place}.key`, key, problemsOfQualifiedName(key));
    values.forEach((value: unknown, index: number) => {
      errors.eachInvalid(`${place}.values[${index}]`, value, problemsOfLabelValue(String(value)));
    });
  });
}

/** Whether every operator of a selector is known, so that it can be matched at all. */
export function isUsableSelector(selector: JsonObject): boolean {
  return asObjectList(selector.matchExpressions).every(({ operator, values }) =>
    operator === 'In' || operator === 'NotIn'
      ? Array.isArray(values) && values.length > 0
      : operator === 'Exists' || operator === 'DoesNotExist',
  );
}

/** Whether a selector selects everything: it has neither labels nor expressions. */
export function isEmptySelector(selector: JsonObject): boolean {
  return (
    Object.keys(asObject(selector.matchLabels) ?? {}).length === 0 &&
    asObjectList(selector.matchExpressions).length === 0
  );
}
