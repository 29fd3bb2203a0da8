import { asList, asString, type JsonObject } from '../../machinery/json.ts';
import { invalidValue, type SchemaProblem } from '../../machinery/schema/schema-problems.ts';
import { problemsOfName } from '../validation/names.ts';

/** The names of a custom resource are labels; its kinds may have capitals. */
export function validateNames(names: JsonObject, path: string): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const check = (value: unknown, field: string, isKind: boolean): void => {
    const text = asString(value) ?? '';
    const why = text === '' ? [] : problemsOfName(isKind ? text.toLowerCase() : text, 'dns-1035-label');
    const words = isKind ? 'may have mixed case, but should otherwise match: ' : '';
    if (why.length > 0) problems.push(invalidValue(`${path}.${field}`, text, words + why.join(',')));
  };
  check(names.plural, 'plural', false);
  check(names.singular, 'singular', false);
  check(names.kind, 'kind', true);
  check(names.listKind, 'listKind', true);
  for (const [at, name] of asList(names.shortNames).entries()) check(name, `shortNames[${at}]`, false);
  if ((asString(names.kind) ?? '') !== '' && names.kind === names.listKind) {
    problems.push(invalidValue(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'));
  }
  for (const [at, name] of asList(names.categories).entries()) check(name, `categories[${at}]`, false);
  return problems;
}
