import type { StatusCause } from '../../api/status-error.ts';

/** Collects what is wrong with an object, in the words of Kubernetes' field package. */
export class FieldErrors {
  readonly causes: StatusCause[] = [];

  required(field: string, detail = ''): void {
    this.add('FieldValueRequired', field, 'Required value', detail);
  }

  invalid(field: string, value: unknown, detail: string): void {
    this.add('FieldValueInvalid', field, `Invalid value: ${print(value)}`, detail);
  }

  /** A value that is too large, or says nothing, to be repeated. */
  invalidUnprinted(field: string, detail: string): void {
    this.add('FieldValueInvalid', field, 'Invalid value', detail);
  }

  /** An enumerated value; anything but those supported is refused. */
  oneOf(field: string, value: unknown, supported: readonly string[]): void {
    if (!supported.includes(String(value))) this.notSupported(field, value ?? '', supported);
  }

  /** A whole number that may not be negative; what is absent passes. */
  notNegative(field: string, value: unknown): void {
    if (typeof value === 'number' && value < 0) this.invalid(field, value, 'must be greater than or equal to 0');
  }

  /** Every problem of one value. */
  eachInvalid(field: string, value: unknown, problems: readonly string[]): void {
    for (const words of problems) this.invalid(field, value, words);
  }

  notSupported(field: string, value: unknown, supported: readonly string[]): void {
    const list = supported.map((each) => `"${each}"`).join(', ');
    this.add('FieldValueNotSupported', field, `Unsupported value: ${print(value)}`, `supported values: ${list}`);
  }

  duplicate(field: string, value: unknown, detail = ''): void {
    this.add('FieldValueDuplicate', field, `Duplicate value: ${print(value)}`, detail);
  }

  forbidden(field: string, detail: string): void {
    this.add('FieldValueForbidden', field, 'Forbidden', detail);
  }

  notFound(field: string, value: unknown): void {
    this.add('FieldValueNotFound', field, `Not found: ${print(value)}`, '');
  }

  tooLong(field: string, maxBytes: number): void {
    this.add('FieldValueTooLong', field, 'Too long', `may not be more than ${maxBytes} bytes`);
  }

  tooMany(field: string, actual: number, max: number): void {
    this.add('FieldValueTooMany', field, `Too many: ${actual}`, `must have at most ${max} items`);
  }

  typeInvalid(field: string, value: unknown, detail: string): void {
    this.add('FieldValueTypeInvalid', field, `Invalid value: ${print(value)}`, detail);
  }

  private add(reason: string, field: string, head: string, detail: string): void {
    this.causes.push({ reason, message: detail === '' ? head : `${head}: ${detail}`, field });
  }
}

function print(value: unknown): string {
  return value === undefined || value === null ? 'null' : JSON.stringify(value);
}
