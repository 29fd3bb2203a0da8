import type { StructuralSchema } from '../../machinery/schema/structural-schema.ts';
import { type Shape, untypedShape } from '../../machinery/shape.ts';
import { shapeOfType } from '../../openapi/shape-of-type.ts';

/** What every object has, whether the schema says so or not. */
const headers = new Set(['apiVersion', 'kind', 'metadata']);
const shapes = new WeakMap<StructuralSchema, Shape>();

/** How objects of a structural schema merge, from its `x-kubernetes-*` markers (apiextensions.k8s.io/v1). */
export function shapeOfSchema(schema: StructuralSchema): Shape {
  const root = shapeOf(schema);
  const metadata = shapeOfType('meta/v1.ObjectMeta');
  return {
    list: root.list,
    keys: root.keys,
    isAtomic: root.isAtomic,
    declares: (name) => headers.has(name) || root.declares?.(name) === true,
    field: (name) => (name === 'metadata' ? metadata : root.field(name)),
    get item() {
      return root.item;
    },
  };
}

/** Once per place: a write asks for the same places many times. */
function shapeOf(schema: StructuralSchema): Shape {
  const known = shapes.get(schema);
  if (known !== undefined) return known;
  const { items, listType } = schema;
  const shape: Shape = {
    list: listType === 'map' || listType === 'set' ? listType : 'atomic',
    keys: schema.listMapKeys.map((name) => ({ name, default: items?.properties.get(name)?.default })),
    isAtomic: schema.isAtomicMap,
    declares: (name) => schema.properties.has(name),
    field(name) {
      const member = schema.member(name);
      return member === undefined ? untypedShape : shapeOf(member);
    },
    get item() {
      return items === undefined ? untypedShape : shapeOf(items);
    },
  };
  shapes.set(schema, shape);
  return shape;
}
