import { invalidType, invalidValue, tooLong } from './schema-problems.ts';
import { stringFormat } from './string-formats.ts';
import type { StructuralSchema } from './structural-schema.ts';
import { fieldOf, type Outcome, type Place, report, reportPlain, reportType } from './value-outcome.ts';

export function checkType(value: unknown, schema: StructuralSchema, place: Place, outcome: Outcome): void {
  outcome.held += 1;
  const { types, format } = schema;
  const [type, itsFormat] = typeOf(value);
  const isNumeric = types.includes('number') || types.includes('integer');
  const fits = types.includes(type) || (type === 'integer' && types.includes('number'));
  const isTextOrList = typeof value === 'string' || Array.isArray(value);
  if (!isTextOrList && format !== '' && !fits && itsFormat !== format) {
    reportType(outcome, place, format, itsFormat);
    return;
  }
  if (format !== '' && isTextOrList && !isNumeric) {
    outcome.held += 1;
    return;
  }
  if (fits) outcome.held += 1;
  else reportType(outcome, place, types.join(','), type);
}

function typeOf(value: unknown): readonly [type: string, format: string] {
  switch (typeof value) {
    case 'string':
      return ['string', ''];
    case 'boolean':
      return ['boolean', ''];
    case 'number':
      return Number.isInteger(value) ? ['integer', 'int64'] : ['number', 'float64'];
    default:
      return [Array.isArray(value) ? 'array' : 'object', ''];
  }
}

export function checkString(value: string, schema: StructuralSchema, place: Place, outcome: Outcome): void {
  const { path } = place;
  outcome.held += 1;
  const max = schema.limit('maxLength');
  const min = schema.limit('minLength');
  const length = max === undefined && min === undefined ? 0 : characters(value);
  if (max !== undefined && length > max) {
    report(outcome, tooLong(fieldOf(place), max), `${path} in body should be at most ${max} chars long`);
  } else if (min !== undefined && length < min) {
    const sentence = `${path} in body should be at least ${min} chars long`;
    report(outcome, invalidValue(fieldOf(place), value, sentence), sentence);
  } else if (schema.pattern !== undefined && !schema.pattern.test(value)) {
    const sentence = `${path} in body should match '${String(schema.json.pattern)}'`;
    report(outcome, invalidValue(fieldOf(place), value, sentence), sentence);
  }
  const format = schema.format === '' ? undefined : stringFormat(schema.format);
  if (format === undefined) return;
  if (!format(value)) {
    const sentence = `${path} in body must be of type ${schema.format}: ${JSON.stringify(value)}`;
    report(outcome, invalidType(fieldOf(place), value, sentence), sentence);
  }
  outcome.held += 1;
}

export function checkNumber(value: number, schema: StructuralSchema, place: Place, outcome: Outcome): void {
  const { path } = place;
  const isInteger = schema.types.length === 1 && schema.type === 'integer';
  if (isInteger) {
    const limit = schema.format === 'int32' ? 2 ** 31 : 2 ** 63;
    if (!Number.isInteger(value) || value < -limit || value >= limit) {
      const format = schema.format === '' ? '(default format)' : `with format ${schema.format}`;
      reportPlain(outcome, place, `Checked value must be of type integer ${format} in ${path}`);
    }
  } else if (schema.type === 'number' && schema.format === 'float' && !Number.isFinite(Math.fround(value))) {
    reportPlain(outcome, place, `Checked value must be of type number with format float in ${path}`);
  }
  const complain = (sentence: string): void => {
    report(outcome, invalidValue(fieldOf(place), value, sentence), sentence);
  };
  // Whole values are compared with whole limits: what stands behind the point of a limit does not count for them.
  const limitOf = (name: string, words: string): number | undefined => {
    const limit = schema.limit(name);
    if (limit === undefined || !Number.isInteger(value) || Number.isInteger(limit)) return limit;
    if (!isInteger) return Math.trunc(limit);
    const format = schema.format === '' ? '(default format)' : `with format ${schema.format}`;
    reportPlain(outcome, place, `${words} value must be of type integer ${format} in ${path}`);
    return limit;
  };
  const multipleOf = limitOf('multipleOf', 'MultipleOf');
  if (multipleOf !== undefined && multipleOf <= 0) {
    const sentence = `factor MultipleOf declared for ${path} must be positive: ${multipleOf}`;
    report(outcome, invalidValue(fieldOf(place), multipleOf, sentence), sentence);
  } else if (multipleOf !== undefined && !isMultipleOf(value, multipleOf)) {
    complain(`${path} in body should be a multiple of ${multipleOf}`);
  }
  const minimum = limitOf('minimum', 'Minimum boundary');
  if (minimum !== undefined) {
    const isExclusive = schema.json.exclusiveMinimum === true;
    if (value < minimum || (isExclusive && value === minimum)) {
      complain(`${path} in body should be greater than ${isExclusive ? '' : 'or equal to '}${minimum}`);
    }
  }
  const maximum = limitOf('maximum', 'Maximum boundary');
  if (maximum !== undefined) {
    const isExclusive = schema.json.exclusiveMaximum === true;
    if (value > maximum || (isExclusive && value === maximum)) {
      complain(`${path} in body should be less than ${isExclusive ? '' : 'or equal to '}${maximum}`);
    }
  }
  outcome.held += 2;
}

function isMultipleOf(value: number, factor: number): boolean {
  const times = factor < 1 ? (1 / factor) * value : value / factor;
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times));
}

/** Code points, as the server counts them. */
function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
