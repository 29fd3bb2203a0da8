import { formatAge } from '../../machinery/format-age.ts';
import { asString, type JsonObject } from '../../machinery/json.ts';
import { parseJsonPath } from '../../machinery/schema/json-path.ts';
import { printValue } from '../../machinery/schema/schema-problems.ts';
import type { TableColumn, TableLayout } from '../resource-strategy.ts';
import { nameColumn } from '../tables/columns.ts';

const types: readonly TableColumn['type'][] = ['string', 'integer', 'number', 'boolean', 'date'];
const creationColumn: JsonObject = {
  name: 'Age',
  type: 'date',
  jsonPath: '.metadata.creationTimestamp',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
};

/** The table of a custom resource: its name and what `additionalPrinterColumns` asks for, or its age. */
export function printerColumns(columns: readonly JsonObject[]): TableLayout {
  const shown = (columns.length === 0 ? [creationColumn] : columns).map(readColumn);
  return {
    columns: [nameColumn, ...shown.map(({ column }) => column)],
    cells: (object, nowMs) => [object.metadata.name, ...shown.map(({ cell }) => cell(object, nowMs))],
  };
}

interface Shown {
  readonly column: TableColumn;
  cell(object: unknown, nowMs: number): unknown;
}

function readColumn(json: JsonObject): Shown {
  const jsonPath = asString(json.jsonPath) ?? '';
  const type = types.find((each) => each === json.type) ?? 'string';
  const description = asString(json.description) ?? '';
  const find = parseJsonPath(jsonPath);
  return {
    column: {
      name: String(json.name),
      type,
      format: asString(json.format) ?? '',
      description:
        description === '' ? `Custom resource definition column (in JSONPath format): ${jsonPath}` : description,
      priority: typeof json.priority === 'number' ? json.priority : 0,
    },
    cell(object, nowMs) {
      const [value] = find?.(object) ?? [];
      return value === undefined ? null : cellOf(value, type, nowMs);
    },
  };
}

function cellOf(value: unknown, type: TableColumn['type'], nowMs: number): unknown {
  switch (type) {
    case 'string':
      return value === null ? '<nil>' : typeof value === 'string' ? value : printValue(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date': {
      if (typeof value !== 'string') return null;
      return Number.isNaN(Date.parse(value)) ? '<invalid>' : formatAge(value, nowMs);
    }
  }
}
