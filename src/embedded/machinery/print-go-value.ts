import { isJsonObject } from './json.ts';

/** A value as Go prints it in messages: `map[name:app ports:[80 443]]`, members in the order of their names. */
export function printGoValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printGoValue).join(' ')}]`;
  if (!isJsonObject(value)) return value === null ? '<nil>' : String(value);
  const members = Object.keys(value)
    .sort()
    .map((name) => `${name}:${printGoValue(value[name])}`);
  return `map[${members.join(' ')}]`;
}
