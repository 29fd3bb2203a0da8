import { isJsonObject } from '../machinery/json.ts';
import { type Shape, untypedShape } from '../machinery/shape.ts';
import { typeNameOfKind } from './type-names.ts';
import { type FieldInfo, type TypeExpression, type TypeInfo, typeInfo } from './type-table.ts';

/** Values of any form; who sets one owns all of it. */
const opaque: Shape = { list: 'atomic', keys: [], isAtomic: true, field: () => opaque, item: untypedShape };

const opaqueTypes = new Set(['raw', 'any', 'object']);
const shapes = new Map<string, Shape>();

/** How objects of a built-in kind merge. A kind that the table lacks merges plainly. */
export function shapeOfKind(group: string, version: string, kind: string): Shape {
  const name = typeNameOfKind(group, version, kind);
  return name === undefined ? untypedShape : shapeOfType(name);
}

/** The shape of a type by its short name such as `meta/v1.ObjectMeta`. */
export function shapeOfType(name: string): Shape {
  const known = shapes.get(name);
  if (known !== undefined) return known;
  const made = structShape(name);
  shapes.set(name, made);
  return made;
}

function structShape(name: string): Shape {
  const type = typeInfo(name);
  if (type === undefined) return opaqueTypes.has(name) || name.includes('/') ? opaque : untypedShape;
  const fields = new Map<string, Shape>();
  return {
    list: 'atomic',
    keys: [],
    isAtomic: type.isAtomic,
    embedded: embeddedFields(type),
    declares: (field) => type.fields.has(field),
    field(fieldName) {
      const present = fields.get(fieldName);
      if (present !== undefined) return present;
      const info = type.fields.get(fieldName);
      if (info === undefined) return untypedShape;
      const made = shapeOfField(info);
      fields.set(fieldName, made);
      return made;
    },
    item: untypedShape,
  };
}

function shapeOfField(field: FieldInfo): Shape {
  const { type } = field;
  switch (type.kind) {
    case 'list':
      return listShape(field, type.of);
    case 'map': {
      const member = shapeOfExpression(type.of);
      return { list: 'atomic', keys: [], isAtomic: field.list === 'atomic', field: () => member, item: untypedShape };
    }
    case 'named': {
      const own = shapeOfType(type.name);
      return field.list === 'atomic' ? { ...own, isAtomic: true } : own;
    }
  }
}

function listShape(field: FieldInfo, of: TypeExpression): Shape {
  const item = shapeOfExpression(of);
  const element = of.kind === 'named' ? typeInfo(of.name) : undefined;
  return {
    list: field.list ?? 'atomic',
    keys: field.keys.map((name) => ({ name, default: keyDefault(element, name) })),
    ...(field.mergeKey === undefined ? {} : { mergeKey: field.mergeKey }),
    ...(field.mergeKey === undefined && field.patchStrategies.includes('merge') ? { isMergedSet: true } : {}),
    isAtomic: false,
    field: () => untypedShape,
    item,
  };
}

/** What stands in for a missing key: the API's default, or the zero value of a required field. */
function keyDefault(element: TypeInfo | undefined, name: string): unknown {
  return element?.fields.get(name)?.default;
}

function shapeOfExpression(type: TypeExpression): Shape {
  if (type.kind === 'named') return shapeOfType(type.name);
  const inner = shapeOfExpression(type.of);
  return { list: 'atomic', keys: [], isAtomic: false, field: () => inner, item: inner };
}

function embeddedFields(type: TypeInfo): ReadonlyMap<string, unknown> {
  const embedded = new Map<string, unknown>();
  for (const { name, type: own, isRequired, default: zero } of type.fields.values()) {
    if (isJsonObject(zero)) embedded.set(name, zero);
    else if (isRequired && own.kind !== 'named') embedded.set(name, null);
  }
  return embedded;
}
