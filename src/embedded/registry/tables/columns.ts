import type { TableColumn } from '../resource-strategy.ts';

export const nameColumn: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
};

export const ageColumn: TableColumn = {
  name: 'Age',
  type: 'string',
  description: 'Time since the object was created.',
};

export function textColumn(name: string, description: string, priority = 0): TableColumn {
  return { name, type: 'string', description, priority };
}

export function booleanColumn(name: string, description: string): TableColumn {
  return { name, type: 'boolean', description };
}

export function numberColumn(name: string, description: string, priority = 0): TableColumn {
  return { name, type: 'integer', description, priority };
}
